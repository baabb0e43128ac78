import {
  Environment,
  EnvironmentCopies,
  formatDuration,
  parseDuration,
} from '@innominatus/backstage-plugin-innominatus-common';
import { requireWithin } from './readEnvironmentChange';
import { TtlLimitsByType } from './readTtlLimits';
import { EnvironmentDefinition } from './types';

/** How long environments live, by their type and by what they are made from. */
export class Lifetimes {
  readonly #limits: TtlLimitsByType;

  static create(limits: TtlLimitsByType): Lifetimes {
    return new Lifetimes(limits);
  }

  private constructor(limits: TtlLimitsByType) {
    this.#limits = limits;
  }

  /** When one ends that begins now; throws when it asks for too long a time. */
  endOf(definition: EnvironmentDefinition, now: number): number | undefined {
    const limits = this.#limits.get(definition.type);
    const ttlMs = parseDuration(definition.ttl) ?? limits?.defaultMs;
    if (ttlMs === undefined) {
      return undefined;
    }
    requireWithin(definition.name, ttlMs, limits?.maxMs);
    return now + ttlMs;
  }

  /** When a copy ends that begins now; throws when it asks for too long a time. */
  endOfCopy(
    copy: { name: string; ttl: string | undefined; origin: Environment },
    now: number,
  ): number | undefined {
    const { name, ttl, origin } = copy;
    const ttlMs = parseDuration(ttl) ?? this.#ttlOfCopies(origin);
    if (ttlMs === undefined) {
      return undefined;
    }
    requireWithin(name, ttlMs, this.#maxOfCopies(origin));
    return now + ttlMs;
  }

  /**
   * Throws when an environment may not live that long from now on.
   *
   * @param origin - What it was made from, if it is a copy and that is there.
   */
  requireAllowed(
    definition: EnvironmentDefinition,
    ttlMs: number,
    origin: Environment | undefined,
  ): void {
    const { name, type } = definition;
    requireWithin(
      name,
      ttlMs,
      origin ? this.#maxOfCopies(origin) : this.#limits.get(type)?.maxMs,
    );
  }

  /** As durations, for people who are about to make a copy. */
  ofCopies(origin: Environment): Pick<EnvironmentCopies, 'ttl' | 'maxTtl'> {
    return {
      ttl: toText(this.#ttlOfCopies(origin)),
      maxTtl: toText(this.#maxOfCopies(origin)),
    };
  }

  #ttlOfCopies({ ephemeral }: Environment): number | undefined {
    return (
      parseDuration(ephemeral?.ttl) ?? this.#limits.get('ephemeral')?.defaultMs
    );
  }

  #maxOfCopies({ ephemeral }: Environment): number | undefined {
    const limits = [
      parseDuration(ephemeral?.maxTtl),
      this.#limits.get('ephemeral')?.maxMs,
    ].filter(limit => limit !== undefined);
    return limits.length > 0 ? Math.min(...limits) : undefined;
  }
}

function toText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : formatDuration(ms, { exact: true });
}
