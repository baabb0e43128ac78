import { Cron } from 'croner';
import { JsonValue } from '../json';

/**
 * When a workflow is started by itself.
 *
 * @public
 */
export interface ScheduleDefinition {
  /** Five fields: minute, hour, day of month, month, day of week. */
  cron: string;
  /** IANA name. Default `UTC`. */
  timezone: string;
  /** What the runs are started with. */
  parameters: Record<string, JsonValue>;
  /** Default true. */
  enabled: boolean;
  /**
   * What happens while the run before is still in progress: the time is left
   * out (`skip`, the default), or the new run waits for it (`queue`).
   */
  concurrencyPolicy: 'skip' | 'queue';
  /** How late a run may begin after a downtime; later it counts as missed. Default 10 minutes. */
  startingDeadlineMs: number;
}

/**
 * The next times of a schedule as milliseconds since the epoch, all after
 * `after`. Fewer than asked for when there are no more.
 *
 * @remarks
 * Where clocks are put forward, a time that does not exist moves to the next
 * one that does; where they are put back, a time that exists twice counts once.
 *
 * @public
 */
export function nextTimes(
  schedule: Pick<ScheduleDefinition, 'cron' | 'timezone'>,
  options: { after: number; count?: number },
): number[] {
  return toCron(schedule)
    .nextRuns(options.count ?? 1, new Date(options.after))
    .map(date => date.getTime());
}

/**
 * The last time of a schedule that is not after `until`, if there is one after
 * `after`.
 *
 * @public
 */
export function lastTime(
  schedule: Pick<ScheduleDefinition, 'cron' | 'timezone'>,
  options: { after: number; until: number },
): number | undefined {
  // What is asked for is before the second that follows `until`.
  const nextSecond = (Math.floor(options.until / 1000) + 1) * 1000;
  const last = toCron(schedule)
    .previousRuns(1, new Date(nextSecond))
    .at(0)
    ?.getTime();
  return last !== undefined && last > options.after ? last : undefined;
}

/**
 * Says what is wrong with a schedule, or nothing.
 *
 * @public
 */
export function checkCron(
  cron: string,
  timezone: string,
): { key: 'cron' | 'timezone'; message: string } | undefined {
  try {
    toTimeFormat(timezone);
  } catch {
    return {
      key: 'timezone',
      message: `The time zone "${timezone}" is not known.`,
    };
  }
  try {
    return nextTimes({ cron, timezone }, { after: 0 }).length > 0
      ? undefined
      : { key: 'cron', message: `The time "${cron}" never comes.` };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      key: 'cron',
      message: `The cron expression "${cron}" cannot be read: ${message.replace(/^Cron\w+: /, '')}`,
    };
  }
}

function toCron(schedule: Pick<ScheduleDefinition, 'cron' | 'timezone'>): Cron {
  return new Cron(schedule.cron, {
    timezone: schedule.timezone,
    mode: '5-part',
  });
}

function toTimeFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en', { timeZone });
}
