import { Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';

/** What `innominatus.engine` says; defaults are those of the runtime. */
export interface EngineConfig {
  concurrency?: number;
  leaseMs?: number;
  shutdownGraceMs: number;
  workingDirectory?: string;
}

const DEFAULT_SHUTDOWN_GRACE_MS = 20_000;
/** Below this a slow database would lose leases all the time. */
const SHORTEST_LEASE_MS = 1_000;

/** Reads `innominatus.engine`. Throws an error that names the key. */
export function readEngineConfig(config: Config): EngineConfig {
  const concurrency = config.getOptionalNumber(
    'innominatus.engine.concurrency',
  );
  if (
    concurrency !== undefined &&
    (!Number.isInteger(concurrency) || concurrency < 1)
  ) {
    throw new Error(
      `"innominatus.engine.concurrency" is ${concurrency}, expected a whole number from 1 on, for example 20.`,
    );
  }
  const leaseMs = readMs(config, 'innominatus.engine.leaseDuration');
  if (leaseMs !== undefined && leaseMs < SHORTEST_LEASE_MS) {
    throw new Error(
      `"innominatus.engine.leaseDuration" is ${leaseMs} ms, expected at least one second, for example "10s".`,
    );
  }
  return {
    concurrency,
    leaseMs,
    shutdownGraceMs:
      readMs(config, 'innominatus.engine.shutdownGrace') ??
      DEFAULT_SHUTDOWN_GRACE_MS,
    workingDirectory: config.getOptionalString(
      'innominatus.engine.workingDirectory',
    ),
  };
}

function readMs(config: Config, key: string): number | undefined {
  return config.has(key)
    ? durationToMilliseconds(readDurationFromConfig(config, { key }))
    : undefined;
}
