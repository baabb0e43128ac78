import { SourceExcerpt } from './types';

const MAX_EXCERPT_LENGTH = 120;

/**
 * Cuts the line of a position out of a text, at most 120 characters around
 * the place that is meant.
 *
 * @public
 */
export function makeExcerpt(
  lineText: string,
  column: number,
  length: number,
): SourceExcerpt {
  const caret = Math.min(Math.max(column - 1, 0), lineText.length);
  // Control characters would move the cursor of a terminal.
  const clean = lineText.replace(/\p{Cc}/gu, ' ');
  const start =
    caret > MAX_EXCERPT_LENGTH / 2
      ? Math.max(
          0,
          Math.min(
            caret - MAX_EXCERPT_LENGTH / 2,
            clean.length - MAX_EXCERPT_LENGTH,
          ),
        )
      : 0;
  const text = clean.slice(start, start + MAX_EXCERPT_LENGTH);
  return {
    text,
    caret: caret - start,
    length: Math.max(1, Math.min(length, text.length - (caret - start))),
  };
}
