import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration';

describe('parseDuration', () => {
  it.each([
    ['90m', 5_400_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
    ['250ms', 250],
    ['1m500ms', 60_500],
    ['PT90M', 5_400_000],
    ['P7D', 604_800_000],
    ['P1DT2H3M4.5S', 93_784_500],
    ['P2W', 1_209_600_000],
    ['1500', 1_500],
    [1_500, 1_500],
    [0, 0],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    'soon',
    '1y',
    '-1h',
    'P',
    'PT',
    'P1M',
    'P1Y',
    '1h 30m',
    '9'.repeat(80),
    -1,
    NaN,
    Infinity,
    {},
    undefined,
  ])('does not read %p', text => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [999, '999ms'],
    [90_000, '1m30s'],
    [5_400_000, '1h30m'],
    [93_784_500, '1d2h'],
  ])('writes %d as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('is read back when it is exact', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), ms => {
        expect(parseDuration(formatDuration(ms, { exact: true }))).toBe(ms);
      }),
    );
  });
});
