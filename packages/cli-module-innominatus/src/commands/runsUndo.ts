import { defineCommand } from '../framework/command';
import { undoPreviewText } from '../runs/followUpText';
import { runId } from '../runs/reference';
import { startFollowUp } from '../runs/startFollowUp';
import { followUpFlags } from './sharedFlags';

export const runsUndoCommand = defineCommand({
  name: 'runs undo',
  summary: 'Take back what a run that ended did',
  description:
    'Undoes its steps in the opposite order, where their type can. Shows what that\nmeans first, and asks when systems outside are touched.',
  args: [
    {
      name: 'run',
      required: true,
      description: 'Number or id of the run',
      complete: 'run',
    },
  ],
  flags: followUpFlags,
  examples: [
    {
      line: 'innominatus runs undo 42 --watch',
      about: 'take it back and see how it goes',
    },
    {
      line: 'innominatus runs undo 42 --dry-run',
      about: 'see what would be undone',
    },
  ],
  async run(context, { args, flags }) {
    const client = await context.client();
    const id = runId(args.run);
    const preview = await client.getUndoPreview(id);
    return startFollowUp(context, {
      verb: 'undo',
      run: id,
      preview,
      text: undoPreviewText(preview),
      start: (api, request, call) => api.undoRun(id, request, call),
      flags,
    });
  },
});
