const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long environments of a type live.
 *
 * @public
 */
export interface TtlLimits {
  /** Unless asked otherwise; for ever without it. */
  defaultMs?: number;
  /** What can be asked for, and how far into the future they can be extended. */
  maxMs?: number;
}

/**
 * Those of ephemeral environments, unless the configuration says otherwise.
 *
 * @public
 */
export const EPHEMERAL_TTL: Required<TtlLimits> = {
  defaultMs: DAY_MS,
  maxMs: 14 * DAY_MS,
};

/**
 * How long before the end people are told, in milliseconds.
 *
 * @public
 */
export const EXPIRY_NOTICES_MS: readonly number[] = [
  2 * DAY_MS,
  2 * HOUR_MS,
  30 * MINUTE_MS,
];

/**
 * The notice that is due, if one is: the last threshold that was passed, once.
 * An environment that never had so much time is not announced by it.
 *
 * @public
 */
export function dueNotice(options: {
  expiresAt: number;
  /** When `expiresAt` was set. */
  setAt: number;
  now: number;
  /** The last one that was given since. */
  noticed: number | undefined;
}): number | undefined {
  const { expiresAt, setAt, now, noticed = Infinity } = options;
  const left = expiresAt - now;
  const passed = EXPIRY_NOTICES_MS.filter(
    notice => notice < expiresAt - setAt && left <= notice,
  );
  const last = Math.min(...passed);
  return left > 0 && last < noticed && Number.isFinite(last) ? last : undefined;
}
