import { defineCommand } from '../framework/command';
import { runId } from '../runs/reference';
import { runResult } from '../runs/runText';

export const runsCancelCommand = defineCommand({
  name: 'runs cancel',
  summary: 'Stop a run',
  description:
    'The steps that run now are told to stop and may take a moment. A second call forces them.',
  args: [
    {
      name: 'run',
      required: true,
      description: 'Number or id of the run',
      complete: 'run',
    },
  ],
  flags: {
    reason: {
      type: 'string',
      value: 'TEXT',
      description: 'Why, for the record',
    },
  },
  examples: [
    {
      line: 'innominatus runs cancel 42 --reason "wrong image"',
      about: 'stop it and say why',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const id = runId(args.run);
    await client.cancelRun(id, { reason: flags.reason });
    const run = await client.getRun(id);
    await context.out.object(run, {
      text: styles => runResult(run, styles),
      name: () => String(run.number),
    });
    context.talk.next(`Follow it: innominatus runs watch ${run.number}`);
  },
});
