import { durationMs, formatDuration, formatLength } from './duration';

describe('formatDuration', () => {
  it.each([
    [820, '820 ms'],
    [12_400, '12 s'],
    [123_000, '2 m 03 s'],
    [3_900_000, '1 h 05 m'],
    [90_000_000, '1 d 1 h'],
    [-5, '0 s'],
    [Number.NaN, '0 s'],
  ])('writes %p as %p', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatLength', () => {
  it.each([
    [7_200_000, '2 h'],
    [604_800_000, '7 d'],
    [120_000, '2 m'],
    [95_000, '1 m 35 s'],
    [0, '0 ms'],
  ])('writes %p as %p', (ms, text) => {
    expect(formatLength(ms)).toBe(text);
  });
});

describe('durationMs', () => {
  const startedAt = '2026-11-23T12:00:00.000Z';

  it('measures to the end, or to now while something goes on', () => {
    const now = Date.parse('2026-11-23T12:00:09.000Z');
    expect(durationMs({ startedAt }, now)).toBe(9000);
    expect(
      durationMs({ startedAt, endedAt: '2026-11-23T12:00:04.000Z' }, now),
    ).toBe(4000);
  });

  it('knows nothing before the start, and nothing negative', () => {
    expect(durationMs({}, 0)).toBeUndefined();
    expect(durationMs({ startedAt }, 0)).toBe(0);
  });
});
