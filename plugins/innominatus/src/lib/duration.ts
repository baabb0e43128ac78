const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Writes a length of time for people: `820 ms`, `12 s`, `2 m 03 s`, `1 h 05 m`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) {
    return '0 s';
  }
  if (ms < SECOND_MS) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < MINUTE_MS) {
    return `${Math.floor(ms / SECOND_MS)} s`;
  }
  if (ms < HOUR_MS) {
    return `${Math.floor(ms / MINUTE_MS)} m ${twoDigits((ms % MINUTE_MS) / SECOND_MS)} s`;
  }
  if (ms < DAY_MS) {
    return `${Math.floor(ms / HOUR_MS)} h ${twoDigits((ms % HOUR_MS) / MINUTE_MS)} m`;
  }
  return `${Math.floor(ms / DAY_MS)} d ${Math.floor((ms % DAY_MS) / HOUR_MS)} h`;
}

/** Writes a length that somebody chose: `2 h`, not `2 h 00 m`. */
export function formatLength(ms: number): string {
  return formatDuration(ms).replace(/ 0+ [hms]$/, '');
}

/** Length of something that may still go on. */
export function durationMs(
  span: { startedAt?: string; endedAt?: string },
  now: number,
): number | undefined {
  if (!span.startedAt) {
    return undefined;
  }
  const end = span.endedAt ? Date.parse(span.endedAt) : now;
  return Math.max(0, end - Date.parse(span.startedAt));
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
