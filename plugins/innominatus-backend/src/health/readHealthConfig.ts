import { Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';

const DEFAULT_CONCURRENCY = 10;
const MAX_CONCURRENCY = 100;
const DEFAULT_HISTORY_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Reads `innominatus.health` and `innominatus.retention.health`. */
export function readHealthConfig(config: Config): {
  concurrency: number;
  historyMs: number;
} {
  const key = 'innominatus.health.concurrency';
  const concurrency = config.getOptionalNumber(key) ?? DEFAULT_CONCURRENCY;
  if (
    !Number.isInteger(concurrency) ||
    concurrency < 1 ||
    concurrency > MAX_CONCURRENCY
  ) {
    throw new Error(
      `The value of "${key}" has to be a whole number from 1 to ${MAX_CONCURRENCY}, for example ${DEFAULT_CONCURRENCY}.`,
    );
  }
  const history = 'innominatus.retention.health';
  return {
    concurrency,
    historyMs: config.has(history)
      ? durationToMilliseconds(readDurationFromConfig(config, { key: history }))
      : DEFAULT_HISTORY_DAYS * DAY_MS,
  };
}
