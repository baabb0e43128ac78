import { planText } from '../applications/planText';
import { showPlanNotes } from '../applications/showPlan';
import { approvalText } from '../approvals/approvalText';
import { defineCommand } from '../framework/command';

export const approvalsGetCommand = defineCommand({
  name: 'approvals get',
  summary: 'Show one approval with its decisions and the plan it is about',
  description: '-o wide has the diff of each manifest of the plan.',
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
    const plan = approval.plan && (await client.getPlan(approval.plan.id));
    await context.out.object(approval, {
      text: (styles, wide) =>
        [
          approvalText(approval, styles),
          // What those who approve agree to.
          ...(plan ? [planText(plan, styles, wide)] : []),
        ].join('\n\n'),
      name: () => approval.id,
    });
    if (plan) {
      await showPlanNotes(context, plan);
    }
    if (approval.allowedActions.approve.allowed) {
      context.talk.next(
        `Decide: innominatus approve ${approval.id}, or reject it`,
      );
    } else if (approval.allowedActions.approve.reason) {
      context.talk.next(approval.allowedActions.approve.reason);
    }
  },
});
