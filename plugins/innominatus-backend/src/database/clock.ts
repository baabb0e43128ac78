import { Knex } from 'knex';
import { isPostgres } from './dialect';

/** {@link nowMs} for statements that are written by hand. */
export const POSTGRES_NOW_MS =
  'cast(floor(extract(epoch from statement_timestamp()) * 1000) as bigint)';

/** {@link nowMs} for statements that are written by hand. */
export const SQLITE_NOW_MS = "cast(unixepoch('subsec') * 1000 as integer)";

/**
 * Milliseconds since the epoch on the clock of the database, as SQL.
 *
 * Replicas may have clocks that differ; leases and timers are compared on this
 * one only. It stays the same within a statement, so indexes can be used.
 */
export function nowMs(knex: Knex): Knex.Raw {
  return knex.raw(isPostgres(knex) ? POSTGRES_NOW_MS : SQLITE_NOW_MS);
}

/** {@link nowMs} plus a number of milliseconds. */
export function nowPlusMs(knex: Knex, ms: number): Knex.Raw {
  return knex.raw('? + cast(? as bigint)', [nowMs(knex), Math.round(ms)]);
}

/**
 * Tells the time of the database without asking it each time.
 *
 * The difference to the local monotonic clock is measured now and then, so
 * that a jump of the local wall clock changes nothing.
 */
export class DatabaseClock {
  readonly #knex: Knex;
  #offsetMs: number | undefined;

  static create(knex: Knex): DatabaseClock {
    return new DatabaseClock(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Measures the difference again. */
  async sync(): Promise<void> {
    const before = performance.now();
    const rows = await this.#knex.select({ now: nowMs(this.#knex) });
    const after = performance.now();
    // The half of the round trip is the best guess for when it was read.
    this.#offsetMs = Number(rows[0].now) - (before + after) / 2;
  }

  /** Milliseconds since the epoch. Needs one {@link DatabaseClock.sync} before. */
  now(): number {
    const offset = this.#offsetMs ?? performance.timeOrigin;
    return Math.round(performance.now() + offset);
  }
}
