import { checkCron, lastTime, nextTimes } from './schedule';

const at = (text: string) => Date.parse(text);
const shown = (times: number[]) =>
  times.map(time => new Date(time).toISOString());

describe('the times of a schedule', () => {
  const nightly = { cron: '30 2 * * *', timezone: 'Europe/Zurich' };

  it('follow the clock of their zone, also where it is put forward or back', () => {
    expect(
      shown(nextTimes(nightly, { after: at('2027-03-27T12:00Z'), count: 2 })),
      // The first one does not exist and moves to the next time that does.
    ).toEqual(['2027-03-28T01:00:00.000Z', '2027-03-29T00:30:00.000Z']);
    expect(
      shown(nextTimes(nightly, { after: at('2027-10-30T12:00Z'), count: 3 })),
      // The first one exists twice and counts once.
    ).toEqual([
      '2027-10-31T00:30:00.000Z',
      '2027-11-01T01:30:00.000Z',
      '2027-11-02T01:30:00.000Z',
    ]);
  });

  it('are looked up backwards, the moment itself included', () => {
    const hourly = { cron: '0 * * * *', timezone: 'UTC' };
    const after = at('2027-01-01T00:00Z');
    const last = (until: string) =>
      lastTime(hourly, { after, until: at(until) });
    expect(last('2027-01-01T05:00Z')).toBe(at('2027-01-01T05:00Z'));
    expect(last('2027-01-01T05:59:59.999Z')).toBe(at('2027-01-01T05:00Z'));
    expect(last('2027-01-01T04:59:59.999Z')).toBe(at('2027-01-01T04:00Z'));
    expect(last('2027-01-01T00:59Z')).toBeUndefined();
  });

  it('that never come are found out', () => {
    expect(checkCron('0 0 30 2 *', 'UTC')).toEqual({
      key: 'cron',
      message: 'The time "0 0 30 2 *" never comes.',
    });
  });

  it.each([
    ['0 3 * * *', 'Mars/Olympus', 'timezone'],
    ['* * * * * *', 'UTC', 'cron'],
    ['61 * * * *', 'UTC', 'cron'],
    ['', 'UTC', 'cron'],
    ['now', 'UTC', 'cron'],
  ])('are refused when they are %p in %s', (cron, timezone, key) => {
    expect(checkCron(cron, timezone)).toMatchObject({ key });
  });
});
