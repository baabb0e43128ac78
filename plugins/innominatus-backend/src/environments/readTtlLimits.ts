import { Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import {
  EPHEMERAL_TTL,
  TtlLimits,
  formatDuration,
} from '@innominatus/backstage-plugin-innominatus-common';

const KEY = 'innominatus.environments.ttl';

/** Limits by type of environment. */
export type TtlLimitsByType = ReadonlyMap<string, TtlLimits>;

/** Reads `innominatus.environments.ttl`; a wrong value stops the start. */
export function readTtlLimits(config: Config): TtlLimitsByType {
  const limits = new Map<string, TtlLimits>([['ephemeral', EPHEMERAL_TTL]]);
  const section = config.getOptionalConfig(KEY);
  for (const type of section?.keys() ?? []) {
    const read = (name: 'default' | 'max') => readMs(config, type, name);
    const known = limits.get(type);
    const both = {
      defaultMs: read('default') ?? known?.defaultMs,
      maxMs: read('max') ?? known?.maxMs,
    };
    if (
      both.defaultMs !== undefined &&
      both.maxMs !== undefined &&
      both.defaultMs > both.maxMs
    ) {
      throw new Error(
        `The value of "${KEY}.${type}.default" (${formatDuration(both.defaultMs)}) is longer than the maximum (${formatDuration(both.maxMs)}). Make it shorter, or set "${KEY}.${type}.max".`,
      );
    }
    limits.set(type, both);
  }
  return limits;
}

function readMs(
  config: Config,
  type: string,
  name: string,
): number | undefined {
  const key = `${KEY}.${type}.${name}`;
  if (!config.has(key)) {
    return undefined;
  }
  const ms = durationToMilliseconds(readDurationFromConfig(config, { key }));
  if (!(ms >= 60_000)) {
    throw new Error(
      `The value of "${key}" is shorter than a minute. Expected for example "24h".`,
    );
  }
  return ms;
}
