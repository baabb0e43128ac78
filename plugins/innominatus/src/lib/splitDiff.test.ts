import { diffLines } from './lineDiff';
import { splitDiff } from './splitDiff';

describe('a side-by-side diff', () => {
  it('puts changed lines beside each other and numbers both sides', () => {
    const rows = splitDiff(diffLines('a\nb\nc\n', 'a\nB\nB2\nc\n'));
    expect(
      rows.map(row =>
        row.kind === 'gap'
          ? row.count
          : [
              row.before && `${row.before.number} ${row.before.text}`,
              row.after && `${row.after.number} ${row.after.text}`,
            ],
      ),
    ).toEqual([
      ['1 a', '1 a'],
      ['2 b', '2 B'],
      [undefined, '3 B2'],
      ['3 c', '4 c'],
    ]);
  });

  it('goes on counting behind a gap', () => {
    const before = Array.from({ length: 20 }, (_, i) => `l${i + 1}`);
    const after = [...before];
    after[14] = 'new';
    const rows = splitDiff(diffLines(before.join('\n'), after.join('\n')));
    expect(rows[0]).toEqual({ kind: 'gap', count: 11 });
    expect(rows[4]).toEqual({
      kind: 'lines',
      before: { text: 'l15', number: 15, changed: true },
      after: { text: 'new', number: 15, changed: true },
    });
  });
});
