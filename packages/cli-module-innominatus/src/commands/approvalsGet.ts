import { approvalText } from '../approvals/approvalText';
import { defineCommand } from '../framework/command';

export const approvalsGetCommand = defineCommand({
  name: 'approvals get',
  summary: 'Show one approval with its decisions',
  args: [
    {
      name: 'approval',
      required: true,
      description: 'Id of the approval, as "approvals list -o name" shows it',
    },
  ],
  flags: {},
  examples: [
    {
      line: 'innominatus approvals list -o name',
      about: 'the ids to choose from',
    },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const approval = await client.getApproval(args.approval);
    await context.out.object(approval, {
      text: styles => approvalText(approval, styles),
      name: () => approval.id,
    });
    if (approval.allowedActions.approve.allowed) {
      context.talk.next(
        `Decide: innominatus approve ${approval.id}, or reject it`,
      );
    } else if (approval.allowedActions.approve.reason) {
      context.talk.next(approval.allowedActions.approve.reason);
    }
  },
});
