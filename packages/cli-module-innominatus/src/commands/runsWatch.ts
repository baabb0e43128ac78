import { defineCommand } from '../framework/command';
import { finishRun } from '../runs/finishRun';
import { resolveRun } from '../runs/reference';
import { watchRun } from '../runs/watchRun';
import { envFlag, startFlags } from './sharedFlags';

export const runsWatchCommand = defineCommand({
  name: 'runs watch',
  summary: 'Follow a run until it has ended',
  description: 'Exits with the result of the run: 0 succeeded, 1 failed.',
  args: [
    {
      name: 'run',
      required: true,
      description: 'Number or id of the run, or ENV/NAME for its last run',
      complete: 'run',
    },
  ],
  flags: { env: envFlag, timeout: startFlags.timeout },
  examples: [
    {
      line: 'innominatus runs watch 42 --timeout 10m',
      about: 'steps and log lines as they come',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const id = await resolveRun(args.run, { environment: flags.env, client });
    const run = await watchRun(context, id, { timeoutMs: flags.timeout });
    return finishRun(context, run, run);
  },
});
