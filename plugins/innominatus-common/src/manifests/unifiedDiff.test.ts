import { unifiedDiff } from './unifiedDiff';

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);

const text = (all: string[]) => `${all.join('\n')}\n`;

/** Applies a diff, the way `patch` would. */
function apply(before: string, diff: string): string {
  const old = before === '' ? [] : before.replace(/\n$/, '').split('\n');
  const result: string[] = [];
  let at = 0;
  for (const line of diff === '' ? [] : diff.split('\n')) {
    const hunk = /^@@ -(\d+),(\d+) \+\d+,\d+ @@$/.exec(line);
    if (hunk) {
      const start = Number(hunk[1]) - (hunk[2] === '0' ? 0 : 1);
      result.push(...old.slice(at, start));
      at = start;
    } else if (line.startsWith('+')) {
      result.push(line.slice(1));
    } else {
      expect(old[at]).toBe(line.slice(1));
      if (line.startsWith(' ')) {
        result.push(old[at]);
      }
      at += 1;
    }
  }
  result.push(...old.slice(at));
  return result.length === 0 ? '' : text(result);
}

it('shows nothing of texts that are the same', () => {
  expect(unifiedDiff('a\nb\n', 'a\nb\n')).toBe('');
});

it('shows three lines around a change and a hunk for each place', () => {
  const before = lines(1, 30);
  const after = before.map(line =>
    line === 'line 5' || line === 'line 25' ? `${line}!` : line,
  );
  expect(unifiedDiff(text(before), text(after)).split('\n')).toEqual([
    '@@ -2,7 +2,7 @@',
    ' line 2',
    ' line 3',
    ' line 4',
    '-line 5',
    '+line 5!',
    ' line 6',
    ' line 7',
    ' line 8',
    '@@ -22,7 +22,7 @@',
    ' line 22',
    ' line 23',
    ' line 24',
    '-line 25',
    '+line 25!',
    ' line 26',
    ' line 27',
    ' line 28',
  ]);
});

it('numbers a text that is new, or gone, from zero', () => {
  expect(unifiedDiff('', 'a\nb\n')).toBe('@@ -0,0 +1,2 @@\n+a\n+b');
  expect(unifiedDiff('a\n', '')).toBe('@@ -1,1 +0,0 @@\n-a');
});

it('gives the second text when it is applied to the first', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed % below;
  };
  for (let round = 0; round < 200; round += 1) {
    const make = () =>
      Array.from({ length: random(40) }, () => `value ${random(6)}`);
    const [before, after] = [make(), make()].map(all =>
      all.length === 0 ? '' : text(all),
    );
    expect(apply(before, unifiedDiff(before, after))).toBe(after);
  }
});

it('stays quick with texts that have nothing in common', () => {
  const before = text(lines(1, 20_000));
  const after = text(lines(20_001, 40_000));
  const start = performance.now();
  const diff = unifiedDiff(before, after);
  expect(performance.now() - start).toBeLessThan(2_000);
  expect(diff.split('\n')).toHaveLength(40_001);
});
