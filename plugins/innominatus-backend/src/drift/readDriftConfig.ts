import { Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';

const KEY = 'innominatus.drift';
const DEFAULT_INTERVAL_MS = 60 * 60_000;
const SHORTEST_MS = 60_000;
const DEFAULT_CONCURRENCY = 3;
const MAX_CONCURRENCY = 100;

/** How drift is looked for. */
export interface DriftSettings {
  /** Between two looks at the same thing; nothing when only people look. */
  intervalMs?: number;
  /** Looks of one backend at the same time. */
  concurrency: number;
  /** Names of environments that only people look at. */
  skippedEnvironments: ReadonlySet<string>;
  skippedEnvironmentTypes: ReadonlySet<string>;
  skippedResourceTypes: ReadonlySet<string>;
}

/** Reads `innominatus.drift`. */
export function readDriftConfig(config: Config): DriftSettings {
  const setOf = (name: string) =>
    new Set(config.getOptionalStringArray(`${KEY}.skip.${name}`) ?? []);
  return {
    intervalMs: readInterval(config),
    concurrency: readConcurrency(config),
    skippedEnvironments: setOf('environments'),
    skippedEnvironmentTypes: setOf('environmentTypes'),
    skippedResourceTypes: setOf('resourceTypes'),
  };
}

function readInterval(config: Config): number | undefined {
  const key = `${KEY}.interval`;
  if (!config.has(key)) {
    return DEFAULT_INTERVAL_MS;
  }
  if (config.get(key) === 'off') {
    return undefined;
  }
  const intervalMs = durationToMilliseconds(
    readDurationFromConfig(config, { key }),
  );
  if (!(intervalMs >= SHORTEST_MS)) {
    throw new Error(
      `The value of "${key}" is shorter than a minute. Expected for example "1 hour", or "off".`,
    );
  }
  return intervalMs;
}

function readConcurrency(config: Config): number {
  const key = `${KEY}.concurrency`;
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
  return concurrency;
}
