import { defineCommand } from '../framework/command';
import { resolveRun } from '../runs/reference';
import { runText } from '../runs/runText';
import { envFlag } from './sharedFlags';

export const runsGetCommand = defineCommand({
  name: 'runs get',
  summary: 'Show a run with its steps',
  args: [
    {
      name: 'run',
      required: true,
      description: 'Number or id of the run, or ENV/NAME for its last run',
      complete: 'run',
    },
  ],
  flags: { env: envFlag },
  examples: [{ line: 'innominatus runs get 42', about: 'steps and result' }],
  async run(context, { args, flags }) {
    const client = await context.client();
    const id = await resolveRun(args.run, { environment: flags.env, client });
    const run = await client.getRun(id);
    await context.out.object(run, {
      text: (styles, wide) => runText(run, styles, wide),
      name: () => String(run.number),
    });
  },
});
