import { diffLines } from './lineDiff';

describe('diffLines', () => {
  it('shows removed lines before added ones and keeps the lines around them', () => {
    expect(diffLines('a\nb\nc\n', 'a\nx\nc\n')).toEqual([
      { kind: 'same', text: 'a' },
      { kind: 'removed', text: 'b' },
      { kind: 'added', text: 'x' },
      { kind: 'same', text: 'c' },
    ]);
  });

  it('replaces lines far away from a change by their number', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const after = [...lines];
    after[10] = 'changed';

    const diff = diffLines(lines.join('\n'), after.join('\n'));

    expect(diff[0]).toEqual({ kind: 'gap', count: 7 });
    expect(diff.at(-1)).toEqual({ kind: 'gap', count: 6 });
    expect(diff.filter(line => line.kind === 'same')).toHaveLength(6);
  });

  it('shows a new text as added and a deleted one as removed', () => {
    expect(diffLines('', 'a\n')).toEqual([{ kind: 'added', text: 'a' }]);
    expect(diffLines('a\n', '')).toEqual([{ kind: 'removed', text: 'a' }]);
  });

  it('says only how many lines there are when nothing changed', () => {
    expect(diffLines('a\nb\n', 'a\nb\n')).toEqual([{ kind: 'gap', count: 2 }]);
  });

  it('finds lines that moved apart by an insertion', () => {
    expect(diffLines('a\nb\n', 'a\nnew\nb\n').map(line => line.kind)).toEqual([
      'same',
      'added',
      'same',
    ]);
  });

  it('gives up on the details of huge texts instead of the page', () => {
    const huge = (word: string) =>
      Array.from({ length: 3000 }, (_, line) => `${word} ${line}`).join('\n');

    const diff = diffLines(huge('before'), huge('after'));

    expect(diff).toHaveLength(6000);
    expect(diff[0].kind).toBe('removed');
    expect(diff.at(-1)?.kind).toBe('added');
  });
});
