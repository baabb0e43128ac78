const UNITS: Array<[Intl.RelativeTimeFormatUnit, number]> = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
];

const relative = new Intl.RelativeTimeFormat('en', {
  numeric: 'auto',
  style: 'short',
});

const absolute = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
});

/** `5 min. ago`, `in 3 hr.`, `just now`. */
export function formatRelativeTime(time: string, now: number): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) {
      return relative.format(Math.trunc(seconds / size), unit);
    }
  }
  if (seconds > 5) {
    return relative.format(seconds, 'second');
  }
  return seconds < -5 ? relative.format(seconds, 'second') : 'just now';
}

/** `23 Nov 2026, 19:40:12` in the time zone of the reader. */
export function formatAbsoluteTime(time: string): string {
  return absolute.format(new Date(time));
}
