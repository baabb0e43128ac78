import type { Approval } from '@innominatus/backstage-plugin-innominatus-common';
import { formatApplication } from '../applications/reference';
import { approvalText } from '../approvals/approvalText';
import { resolveApproval } from '../approvals/reference';
import { defineCommand, FlagDefinition } from '../framework/command';
import { UsageError } from '../framework/errors';
import { envFlag } from './sharedFlags';

const decisionFlags = {
  env: envFlag,
  step: {
    type: 'string',
    value: 'STEP',
    description: 'The step, when several wait',
  },
  reason: {
    type: 'string',
    value: 'TEXT',
    description: 'Why; everybody who may read the run sees it',
  },
  'idempotency-key': {
    type: 'string',
    value: 'KEY',
    description: 'The same key and decision count once',
  },
} as const satisfies Record<string, FlagDefinition>;

const target = {
  name: 'target',
  required: true,
  description:
    'Number or id of the run, ENV/NAME for the last run of an application, or id of the approval',
  complete: 'run',
} as const;

export const approveCommand = createDecisionCommand({
  decision: 'approve',
  summary: 'Approve what a step of a run waits for',
  description:
    'A step that was interrupted runs again. You have to be among the approvers, and not the one who started the run unless the step allows it.',
  example: 'innominatus approve 42 --reason "Looks good"',
});

export const rejectCommand = createDecisionCommand({
  decision: 'reject',
  summary: 'Reject what a step of a run waits for; the step fails',
  description: 'One rejection is enough, however many approved before.',
  example: 'innominatus reject 42 --reason "Not on a Friday"',
});

function createDecisionCommand(options: {
  decision: 'approve' | 'reject';
  summary: string;
  description: string;
  example: string;
}) {
  const { decision, summary, description, example } = options;
  return defineCommand({
    name: decision,
    summary,
    description,
    args: [target],
    flags: decisionFlags,
    examples: [{ line: example, about: `${decision} as yourself` }],
    async run(context, { args, flags }) {
      const client = await context.client();
      const pending = await resolveApproval(client, {
        target: args.target,
        environment: flags.env,
        step: flags.step,
        verb: decision,
      });
      const { run, step, reasonRequired } = pending;
      if (reasonRequired && !flags.reason?.trim()) {
        throw new UsageError(
          step
            ? `The step "${step.name}" wants a reason.`
            : 'A reason is wanted.',
          {
            next: `Add one: innominatus ${decision} ${args.target}${step ? ` --step ${step.name}` : ''} --reason "…"`,
          },
        );
      }
      const approval = await client.decideApproval(
        pending.id,
        { decision, reason: flags.reason, planHash: pending.plan?.hash },
        { idempotencyKey: flags['idempotency-key'] },
      );
      await context.out.object(approval, {
        text: styles => approvalText(approval, styles),
        name: () => approval.id,
      });
      context.talk.next(nextStep(approval, run?.number));
    },
  });
}

function nextStep(approval: Approval, run: number | undefined): string {
  const { missing, quorum, application, state } = approval;
  const label = application ? formatApplication(application) : '';
  if (state === 'pending' && missing > 0) {
    const where = run
      ? `innominatus why ${run}`
      : `innominatus approvals get ${approval.id}`;
    return `Still missing: ${missing} of ${quorum}. See who may decide: ${where}`;
  }
  return run
    ? `Follow the run: innominatus runs watch ${run}`
    : `See what became of it: innominatus status ${label}`;
}
