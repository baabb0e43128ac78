import { FreezeWindow } from '../api/types';
import { parseDuration } from '../workflow/duration';
import { lastTime } from '../workflow/schedule';

const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?))?$/;
const WITH_OFFSET =
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** @public */
export interface ActiveFreeze {
  name?: string;
  reason: string;
  /** Milliseconds since the epoch. */
  until: number;
}

/**
 * The freeze window that holds at a time; of several the one that ends last.
 *
 * @public
 */
export function activeFreeze(
  freezes: readonly FreezeWindow[] | undefined,
  at: number,
): ActiveFreeze | undefined {
  const active = (freezes ?? []).flatMap(freeze => {
    const until = endOf(freeze, at);
    return until === undefined
      ? []
      : [{ name: freeze.name, reason: freeze.reason, until }];
  });
  return active.sort((a, b) => b.until - a.until)[0];
}

function endOf(freeze: FreezeWindow, at: number): number | undefined {
  const { cron, duration, from, to, timezone } = freeze;
  if (cron !== undefined) {
    const length = parseDuration(duration) ?? 0;
    const begin = lastTime(
      { cron, timezone },
      { after: at - length, until: at },
    );
    return begin === undefined ? undefined : begin + length;
  }
  const begin = toInstant(from ?? '', timezone);
  const end = toInstant(to ?? '', timezone);
  return begin !== undefined && end !== undefined && begin <= at && at < end
    ? end
    : undefined;
}

/**
 * Milliseconds since the epoch of a date, or date and time. Without an offset
 * it is meant on the clock of the time zone; of a time that exists twice the
 * first one is taken.
 *
 * @public
 */
export function toInstant(text: string, timezone: string): number | undefined {
  if (WITH_OFFSET.test(text)) {
    return known(Date.parse(text));
  }
  const local = LOCAL.exec(text);
  const utc = local && known(Date.parse(`${local[1]}T${local[2] ?? '00:00'}Z`));
  if (typeof utc !== 'number') {
    return undefined;
  }
  // The offset at the time itself, which is known only after a first guess.
  const guess = utc - offsetOf(utc, timezone);
  return utc - offsetOf(guess, timezone);
}

function known(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : ms;
}

function offsetOf(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(at);
  const part = (type: string) =>
    Number(parts.find(item => item.type === type)?.value);
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - Math.floor(at / 1000) * 1000;
}
