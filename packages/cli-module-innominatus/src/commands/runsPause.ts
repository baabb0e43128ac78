import { defineCommand } from '../framework/command';
import { runId } from '../runs/reference';
import { runResult } from '../runs/runText';

export const runsPauseCommand = defineCommand({
  name: 'runs pause',
  summary: 'Let a run start no further step',
  description:
    'Steps that run now end first. Go on with: innominatus runs resume RUN',
  args: [
    {
      name: 'run',
      required: true,
      description: 'Number or id of the run',
      complete: 'run',
    },
  ],
  flags: {},
  examples: [
    {
      line: 'innominatus runs pause 42',
      about: 'hold it back',
    },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const id = runId(args.run);
    await client.pauseRun(id);
    const run = await client.getRun(id);
    await context.out.object(run, {
      text: styles => runResult(run, styles),
      name: () => String(run.number),
    });
    if (!run.endedAt) {
      context.talk.next(`Go on: innominatus runs resume ${run.number}`);
    }
  },
});
