import { formatRelativeTime } from './relativeTime';

const NOW = Date.parse('2026-11-23T12:00:00.000Z');

describe('formatRelativeTime', () => {
  it.each([
    ['2026-11-23T11:59:58.000Z', 'just now'],
    ['2026-11-23T11:59:20.000Z', '40 sec. ago'],
    ['2026-11-23T11:55:00.000Z', '5 min. ago'],
    ['2026-11-23T10:00:00.000Z', '2 hr. ago'],
    ['2026-11-22T11:00:00.000Z', 'yesterday'],
    ['2026-11-23T12:30:00.000Z', 'in 30 min.'],
  ])('writes %p as %p', (time, text) => {
    expect(formatRelativeTime(time, NOW)).toBe(text);
  });
});
