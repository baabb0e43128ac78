import { defineCommand } from '../framework/command';
import { retryPreviewText } from '../runs/followUpText';
import { runId } from '../runs/reference';
import { startFollowUp } from '../runs/startFollowUp';
import { followUpFlags } from './sharedFlags';

export const runsRetryCommand = defineCommand({
  name: 'runs retry',
  summary: 'Try a run that ended again',
  description:
    'Steps that succeeded keep their outputs, all others run again. Shows what that\nmeans first, and asks when systems outside are touched again.',
  args: [
    {
      name: 'run',
      required: true,
      description: 'Number or id of the run',
      complete: 'run',
    },
  ],
  flags: {
    from: {
      type: 'string',
      value: 'STEP',
      description: 'Run again from this step, even if it succeeded',
    },
    ...followUpFlags,
  },
  examples: [
    {
      line: 'innominatus runs retry 42 --watch',
      about: 'run again what did not succeed',
    },
    {
      line: 'innominatus runs retry 42 --from apply --dry-run',
      about: 'see what would run again',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const id = runId(args.run);
    const { from } = flags;
    const preview = await client.getRetryPreview(id, { from });
    return startFollowUp(context, {
      verb: 'retry',
      run: id,
      preview,
      text: retryPreviewText(preview),
      start: (api, request, call) =>
        api.retryRun(id, { ...request, ...(from ? { from } : {}) }, call),
      flags,
    });
  },
});
