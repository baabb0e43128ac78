/** `42s`, `5m 3s`, `2h 10m`, `3d 4h`: the two largest units. */
export function humanDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts: Array<[number, string]> = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first === -1) {
    return '0s';
  }
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join(' ');
}

/** How long ago a time was, for example `5m ago`. */
export function humanAge(time: string | undefined, now = Date.now()): string {
  if (!time) {
    return '';
  }
  const ms = now - Date.parse(time);
  return ms < 5000 ? 'just now' : `${humanDuration(ms).split(' ')[0]} ago`;
}

/** Time between two moments; until now when the second one is missing. */
export function elapsed(
  start: string | undefined,
  end: string | undefined,
): string {
  if (!start) {
    return '';
  }
  return humanDuration(
    (end ? Date.parse(end) : Date.now()) - Date.parse(start),
  );
}
