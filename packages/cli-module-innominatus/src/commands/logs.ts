import { defineCommand } from '../framework/command';
import { resolveRun } from '../runs/reference';
import { showLogs } from '../runs/showLogs';
import { logFlags } from './sharedFlags';

export const logsCommand = logsCommandOf('logs');
export const runsLogsCommand = logsCommandOf('runs logs');

function logsCommandOf(name: string) {
  return defineCommand({
    name,
    summary: 'Show the log of a run',
    description:
      'With -o json and --follow each line is a JSON document of its own.',
    args: [
      {
        name: 'run',
        required: true,
        description: 'Number or id of the run, or ENV/NAME for its last run',
        complete: 'run',
      },
    ],
    flags: logFlags,
    examples: [
      {
        line: `innominatus ${name} 42 --step provision-db --tail 20`,
        about: 'the end of one step',
      },
      {
        line: `innominatus ${name} development/orders --follow`,
        about: 'the last run of an application, as it goes',
      },
    ],
    async run(context, { args, flags }) {
      const client = await context.client();
      const { env, ...options } = flags;
      const run = await resolveRun(args.run, { environment: env, client });
      await showLogs(context, { ...options, run });
    },
  });
}
