import fc from 'fast-check';
import { compilePattern } from './pattern';

/** How often a character of any text is looked at meanwhile. */
function countReads(work: () => void): number {
  const reads = jest.spyOn(String.prototype, 'charCodeAt');
  work();
  const count = reads.mock.calls.length;
  reads.mockRestore();
  return count;
}

describe('patterns', () => {
  // Each takes exponential or polynomial time where an engine backtracks.
  it.each([
    ['^(a+)+$', 'a', '!'],
    ['^(a|aa)+$', 'a', '!'],
    ['^(a|a?)+$', 'a', '!'],
    ['^([a-zA-Z]+)*$', 'a', '!'],
    ['(.*a){12}$', 'a', '!'],
    ['^(.*?,){11}P$', '1,', 'P!'],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a', '!'],
    ['(a*)*(a*)*b?$', 'a', '!'],
  ])('%s looks at each character a fixed number of times', (...shape) => {
    const [pattern, unit, tail] = shape;
    const compiled = compilePattern(pattern);
    if (!compiled.ok) {
      throw new Error(compiled.problem);
    }
    const reads = (count: number) =>
      countReads(() => compiled.test(unit.repeat(count) + tail));
    const once = reads(2_000);
    expect(once).toBeGreaterThan(0);
    expect(once).toBeLessThan(2_000 * 100);
    expect(reads(4_000)).toBeLessThan(once * 2.1);
  });

  it('are refused with a reason where they need backtracking', () => {
    for (const pattern of ['(a)\\1', 'a(?=b)', '(?<!a)b', '(', '[z-a]', '*']) {
      expect(compilePattern(pattern)).toEqual({
        ok: false,
        problem: expect.stringMatching(/./),
      });
    }
    expect(compilePattern('a'.repeat(1_001))).toEqual({
      ok: false,
      problem: 'it is longer than 1000 characters',
    });
  });

  it('are read or refused, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc
            .array(
              fc.constantFrom(
                ...['a', '(', ')', '[', ']', '*', '+', '?', '{2}', '{1,9}'],
                ...['|', '^', '$', '\\', '.', '(?i)', '\\p{L}', '\\d', '-'],
              ),
              { maxLength: 30 },
            )
            .map(parts => parts.join('')),
        ),
        fc.string(),
        (pattern, text) => {
          const compiled = compilePattern(pattern);
          expect(
            compiled.ok ? typeof compiled.test(text) : compiled.problem,
          ).toMatch(/./);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
