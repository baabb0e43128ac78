import type { RunStatus } from '@innominatus/backstage-plugin-innominatus-common';
import { parseApplication } from '../applications/reference';
import { defineCommand } from '../framework/command';
import { limitFlag, showPages } from '../output/pages';
import { runColumns } from '../runs/runText';
import { envFlag } from './sharedFlags';

const STATUSES = [
  'queued',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'cancelled',
] as const satisfies readonly RunStatus[];

export const runsListCommand = defineCommand({
  name: 'runs list',
  summary: 'List runs, the newest first',
  args: [
    {
      name: 'application',
      description: 'Only runs of this application, ENV/NAME or NAME',
      complete: 'application',
    },
  ],
  flags: {
    env: envFlag,
    status: {
      type: 'string',
      value: 'STATUS',
      choices: STATUSES,
      description: `Only runs in this state: ${STATUSES.join(', ')}`,
    },
    looks: {
      type: 'boolean',
      description: 'Runs that look at health and drift, instead of all others',
    },
    limit: limitFlag,
  },
  examples: [
    {
      line: 'innominatus runs list --status failed',
      about: 'what went wrong lately',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const { environment, name } = args.application
      ? parseApplication(args.application, flags.env)
      : { environment: flags.env, name: undefined };
    await showPages(context, {
      limit: flags.limit,
      read: page =>
        client.listRuns({
          ...page,
          sort: '-createdAt',
          environment: environment ? [environment] : undefined,
          application: name ? [name] : undefined,
          purpose: flags.looks ? ['health', 'drift'] : undefined,
          // The parser accepts only the listed states.
          status: flags.status ? [flags.status as RunStatus] : undefined,
        }),
      view: { columns: runColumns, name: run => String(run.number) },
      empty: 'There are no runs.',
    });
  },
});
