const CONTEXT_LINES = 3;

/**
 * Above this many pairs of lines that may match, the middle of two texts is
 * shown as replaced as a whole, so that no text can keep a process busy.
 */
const MOST_PAIRS = 4_000_000;

type Edit = { sign: ' ' | '-' | '+'; line: string };

/**
 * Compares two texts line by line and answers the hunks of a unified diff,
 * without the two lines that name files. Answers an empty text when nothing
 * differs.
 *
 * @public
 */
export function unifiedDiff(before: string, after: string): string {
  const edits = compareLines(toLines(before), toLines(after));
  const shown = edits.map(() => false);
  edits.forEach((edit, index) => {
    if (edit.sign !== ' ') {
      const last = Math.min(edits.length - 1, index + CONTEXT_LINES);
      shown.fill(true, Math.max(0, index - CONTEXT_LINES), last + 1);
    }
  });
  const hunks: string[] = [];
  let place = { before: 1, after: 1 };
  for (let index = 0; index < edits.length;) {
    if (!shown[index]) {
      place = step(place, edits[index]);
      index += 1;
      continue;
    }
    const start = place;
    const lines: string[] = [];
    while (index < edits.length && shown[index]) {
      lines.push(`${edits[index].sign}${edits[index].line}`);
      place = step(place, edits[index]);
      index += 1;
    }
    hunks.push(
      `@@ -${range(start.before, place.before)} +${range(start.after, place.after)} @@`,
      ...lines,
    );
  }
  return hunks.join('\n');
}

function toLines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function step(
  place: { before: number; after: number },
  { sign }: Edit,
): { before: number; after: number } {
  return {
    before: place.before + (sign === '+' ? 0 : 1),
    after: place.after + (sign === '-' ? 0 : 1),
  };
}

/** With nothing on one side the line before it is named, as in other tools. */
function range(from: number, to: number): string {
  const count = to - from;
  return `${count === 0 ? from - 1 : from},${count}`;
}

function compareLines(before: string[], after: string[]): Edit[] {
  let head = 0;
  const shortest = Math.min(before.length, after.length);
  while (head < shortest && before[head] === after[head]) {
    head += 1;
  }
  let tail = 0;
  while (
    tail < shortest - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  const same = (line: string): Edit => ({ sign: ' ', line });
  return [
    ...before.slice(0, head).map(same),
    ...compareMiddle(
      before.slice(head, before.length - tail),
      after.slice(head, after.length - tail),
    ),
    ...before.slice(before.length - tail).map(same),
  ];
}

/** By the longest common subsequence. */
function compareMiddle(before: string[], after: string[]): Edit[] {
  const removed = (line: string): Edit => ({ sign: '-', line });
  const added = (line: string): Edit => ({ sign: '+', line });
  if (
    before.length === 0 ||
    after.length === 0 ||
    before.length * after.length > MOST_PAIRS
  ) {
    return [...before.map(removed), ...after.map(added)];
  }
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        before[i] === after[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const edits: Edit[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      edits.push({ sign: ' ', line: before[i] });
      i += 1;
      j += 1;
    } else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) {
      edits.push(removed(before[i]));
      i += 1;
    } else {
      edits.push(added(after[j]));
      j += 1;
    }
  }
  return [
    ...edits,
    ...before.slice(i).map(removed),
    ...after.slice(j).map(added),
  ];
}
