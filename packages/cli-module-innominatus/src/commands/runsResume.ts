import { defineCommand } from '../framework/command';
import { runId } from '../runs/reference';
import { runResult } from '../runs/runText';

export const runsResumeCommand = defineCommand({
  name: 'runs resume',
  summary: 'Let a paused run go on',
  description: 'A run that is not paused stays as it is.',
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
      line: 'innominatus runs resume 42',
      about: 'carry it on',
    },
  ],
  async run(context, { args }) {
    const client = await context.client();
    const id = runId(args.run);
    await client.resumeRun(id);
    const run = await client.getRun(id);
    await context.out.object(run, {
      text: styles => runResult(run, styles),
      name: () => String(run.number),
    });
    if (!run.endedAt) {
      context.talk.next(`Follow it: innominatus runs watch ${run.number}`);
    }
  },
});
