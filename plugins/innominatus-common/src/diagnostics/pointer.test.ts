import fc from 'fast-check';
import { joinJsonPointer, parseJsonPointer, toJsonPointer } from './pointer';

describe('JSON pointers', () => {
  it('escapes tilde and slash', () => {
    expect(toJsonPointer(['a/b', 'c~d', 0])).toBe('/a~1b/c~0d/0');
    expect(joinJsonPointer('/x', 'y', 1)).toBe('/x/y/1');
    expect(toJsonPointer([])).toBe('');
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), path => {
        expect(parseJsonPointer(toJsonPointer(path))).toEqual(path);
      }),
    );
  });
});
