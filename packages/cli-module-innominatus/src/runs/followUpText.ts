import type {
  RetryPreview,
  UndoPreview,
} from '@innominatus/backstage-plugin-innominatus-common';
import { safeLine } from '../output/text';

/** What a retry keeps, runs again, and touches outside. */
export function retryPreviewText(preview: RetryPreview): string {
  const asks = new Set(preview.acknowledge);
  return [
    ...preview.kept.map(step => `  kept   ${safeLine(step)}`),
    ...preview.again.map(
      ({ step, startedBefore }) =>
        `  again  ${safeLine(step)}${noteOf(asks.has(step), startedBefore)}`,
    ),
  ].join('\n');
}

/** What an undo takes back, the last step first, and what it leaves. */
export function undoPreviewText(preview: UndoPreview): string {
  const asks = new Set(preview.acknowledge);
  return preview.steps
    .flatMap(({ step, undoable, reason, warnings = [] }) => [
      undoable
        ? `  undo   ${safeLine(step)}${asks.has(step) ? ', touches systems outside' : ''}`
        : `  stays  ${safeLine(step)}${reason ? `: ${safeLine(reason)}` : ''}`,
      ...warnings.map(warning => `         ! ${safeLine(warning)}`),
    ])
    .join('\n');
}

function noteOf(asks: boolean, startedBefore: boolean): string {
  if (asks) {
    return ', started before and touches systems outside again';
  }
  return startedBefore ? ', started before' : '';
}
