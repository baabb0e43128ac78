import { makeExcerpt } from './excerpt';

describe('makeExcerpt', () => {
  it('marks the place in a short line', () => {
    expect(makeExcerpt('  image: x', 10, 1)).toEqual({
      text: '  image: x',
      caret: 9,
      length: 1,
    });
  });

  it('cuts a long line around the place', () => {
    const line = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    const { text, caret, length } = makeExcerpt(line, 501, 4);
    expect(text).toHaveLength(120);
    expect(text.slice(caret, caret + length)).toBe('HERE');
  });

  it('keeps the mark inside the text', () => {
    expect(makeExcerpt('ab', 99, 50)).toEqual({
      text: 'ab',
      caret: 2,
      length: 1,
    });
  });
});
