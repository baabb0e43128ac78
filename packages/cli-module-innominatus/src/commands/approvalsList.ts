import type { ApprovalState } from '@innominatus/backstage-plugin-innominatus-common';
import { parseApplication } from '../applications/reference';
import { approvalColumns } from '../approvals/approvalText';
import { defineCommand } from '../framework/command';
import { limitFlag, showPages } from '../output/pages';
import { envFlag } from './sharedFlags';

const STATES = [
  'pending',
  'approved',
  'rejected',
  'expired',
  'cancelled',
] as const satisfies readonly ApprovalState[];

export const approvalsListCommand = defineCommand({
  name: 'approvals list',
  summary: 'List approvals, the newest first',
  args: [
    {
      name: 'application',
      description: 'Only approvals of this application, ENV/NAME or NAME',
      complete: 'application',
    },
  ],
  flags: {
    env: envFlag,
    mine: {
      type: 'boolean',
      description: 'Only what waits for you',
    },
    state: {
      type: 'string',
      value: 'STATE',
      choices: STATES,
      description: `Only approvals in this state: ${STATES.join(', ')}`,
    },
    run: {
      type: 'string',
      value: 'RUN',
      description: 'Only approvals of this run',
      complete: 'run',
    },
    limit: limitFlag,
  },
  examples: [
    { line: 'innominatus approvals list --mine', about: 'what waits for you' },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const { environment, name } = args.application
      ? parseApplication(args.application, flags.env)
      : { environment: flags.env, name: undefined };
    await showPages(context, {
      limit: flags.limit,
      read: page =>
        client.listApprovals({
          ...page,
          sort: '-requestedAt',
          environment: environment ? [environment] : undefined,
          application: name ? [name] : undefined,
          run: flags.run ? [flags.run.replace(/^#/, '')] : undefined,
          approver: flags.mine ? ['me'] : undefined,
          // The parser accepts only the listed states.
          state: flags.state ? [flags.state as ApprovalState] : undefined,
        }),
      view: { columns: approvalColumns, name: approval => approval.id },
      empty: flags.mine ? 'Nothing waits for you.' : 'There are no approvals.',
    });
  },
});
