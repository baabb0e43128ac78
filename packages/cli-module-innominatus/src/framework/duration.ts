import { UsageError } from './errors';

const UNITS_MS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

// setTimeout treats anything longer as "now".
const LONGEST_MS = 2 ** 31 - 1;

/** Reads `90s`, `10m`, `1h30m` or `2d` into milliseconds. */
export function parseDuration(text: string, option: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(part => part[0]).join('') !== text) {
    throw new UsageError(
      `${option} is "${text}", but a duration such as 90s, 10m or 1h30m is expected.`,
    );
  }
  const ms = parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * UNITS_MS[unit],
    0,
  );
  if (ms > LONGEST_MS) {
    throw new UsageError(
      `${option} is "${text}", but at most 24d is possible.`,
    );
  }
  return ms;
}
