/** One line of a unified diff; `gap` stands for lines that did not change. */
export type DiffLine =
  | { kind: 'same' | 'added' | 'removed'; text: string }
  | { kind: 'gap'; count: number };

type ChangedLine = Exclude<DiffLine, { kind: 'gap' }>;

const CONTEXT_LINES = 3;
/** Above this many comparisons the middle is shown as replaced as a whole. */
const MAX_COMPARISONS = 4_000_000;

/** Compares two texts line by line and keeps three lines around each change. */
export function diffLines(before: string, after: string): DiffLine[] {
  return withGaps(compare(linesOf(before), linesOf(after)));
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function compare(before: string[], after: string[]): ChangedLine[] {
  let start = 0;
  while (
    start < before.length &&
    start < after.length &&
    before[start] === after[start]
  ) {
    start++;
  }
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++;
  }
  return [
    ...before.slice(0, start).map(same),
    ...compareMiddle(
      before.slice(start, before.length - end),
      after.slice(start, after.length - end),
    ),
    ...before.slice(before.length - end).map(same),
  ];
}

/** Longest common subsequence; what is not part of it was removed or added. */
function compareMiddle(before: string[], after: string[]): ChangedLine[] {
  if (before.length * after.length > MAX_COMPARISONS) {
    return [...before.map(removed), ...after.map(added)];
  }
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        before[i] === after[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const lines: ChangedLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      lines.push(same(before[i]));
      i++;
      j++;
    } else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) {
      lines.push(removed(before[i++]));
    } else {
      lines.push(added(after[j++]));
    }
  }
  return [
    ...lines,
    ...before.slice(i).map(removed),
    ...after.slice(j).map(added),
  ];
}

function withGaps(lines: ChangedLine[]): DiffLine[] {
  const kept = lines.map(() => false);
  lines.forEach((line, index) => {
    if (line.kind !== 'same') {
      const from = Math.max(0, index - CONTEXT_LINES);
      kept.fill(true, from, index + CONTEXT_LINES + 1);
    }
  });
  const result: DiffLine[] = [];
  let count = 0;
  lines.forEach((line, index) => {
    if (!kept[index]) {
      count++;
      return;
    }
    if (count > 0) {
      result.push({ kind: 'gap', count });
      count = 0;
    }
    result.push(line);
  });
  if (count > 0) {
    result.push({ kind: 'gap', count });
  }
  return result;
}

function same(text: string): ChangedLine {
  return { kind: 'same', text };
}

function added(text: string): ChangedLine {
  return { kind: 'added', text };
}

function removed(text: string): ChangedLine {
  return { kind: 'removed', text };
}
