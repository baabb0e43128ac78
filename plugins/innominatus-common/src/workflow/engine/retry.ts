import { RetryPolicy, StepError } from '../types';

/**
 * Milliseconds to wait after the given attempt.
 *
 * @remarks
 * The spread is derived from the key, not drawn: every replay computes the
 * same time, and different runs still do not retry in step.
 *
 * @public
 */
export function retryDelayMs(
  policy: RetryPolicy,
  attempt: number,
  key: string,
): number {
  const { initialMs, factor, maxMs, jitter } = policy.backoff;
  const delay = Math.min(maxMs, initialMs * factor ** (attempt - 1));
  const spread = jitter * (2 * fraction(key) - 1);
  return Math.max(0, Math.min(maxMs, Math.round(delay * (1 + spread))));
}

/**
 * Tells whether a failed attempt is followed by another.
 *
 * @public
 */
export function isRetried(
  policy: RetryPolicy,
  attempt: number,
  error: StepError,
): boolean {
  return (
    attempt < policy.attempts &&
    (policy.on ? policy.on.includes(error.code) : error.transient)
  );
}

/** FNV-1a with a final mix, as a number from 0 to 1. */
function fraction(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}
