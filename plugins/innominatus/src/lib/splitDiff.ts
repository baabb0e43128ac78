import { DiffLine } from './lineDiff';

/** A line of one side, with its number there. */
export interface SplitCell {
  text: string;
  number: number;
  changed: boolean;
}

/** A row of a side-by-side diff; a `gap` spans both sides. */
export type SplitRow =
  | { kind: 'lines'; before?: SplitCell; after?: SplitCell }
  | { kind: 'gap'; count: number };

/** Puts what was removed beside what was added in its place. */
export function splitDiff(lines: readonly DiffLine[]): SplitRow[] {
  const rows: SplitRow[] = [];
  const numbers = { before: 0, after: 0 };
  let removed: SplitCell[] = [];
  let added: SplitCell[] = [];
  const flush = () => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++) {
      rows.push({ kind: 'lines', before: removed[i], after: added[i] });
    }
    removed = [];
    added = [];
  };
  for (const line of lines) {
    switch (line.kind) {
      case 'removed':
        removed.push({
          text: line.text,
          number: ++numbers.before,
          changed: true,
        });
        break;
      case 'added':
        added.push({ text: line.text, number: ++numbers.after, changed: true });
        break;
      case 'gap':
        flush();
        numbers.before += line.count;
        numbers.after += line.count;
        rows.push(line);
        break;
      default:
        flush();
        rows.push({
          kind: 'lines',
          before: {
            text: line.text,
            number: ++numbers.before,
            changed: false,
          },
          after: { text: line.text, number: ++numbers.after, changed: false },
        });
    }
  }
  flush();
  return rows;
}
