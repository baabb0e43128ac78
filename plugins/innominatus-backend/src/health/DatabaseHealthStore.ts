import {
  HealthRecord,
  HealthStatus,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import {
  isPostgres,
  newId,
  nowMs,
  nowPlusMs,
  toNumber,
  toTimestamp,
} from '../database';
import { ResourceRow, toResourceRecord } from '../resources/rows';
import { transitionResource } from '../resources/transitionResource';
import { HealthClaim, HealthStore, RecordHealthOptions } from './types';

/** In these states a resource is in use, and can be well or not. */
const CHECKED_STATES = ['active', 'degraded'];

/** Who changes the state of a resource that is not well. */
const HEALTH_ACTOR = 'innominatus';

const DELETE_ROWS = 500;

interface HealthRow {
  id: string;
  resource_id: string;
  status: HealthStatus;
  message: string;
  checks: number;
  duration_ms: number;
  first_at: number | string;
  last_at: number | string;
}

/**
 * Health in the plugin's database.
 *
 * `health_due_at` says when a resource is due, and is the claim as well: to take
 * a resource is to move it into the future by one guarded statement, and a
 * result is written only while it still stands there. A process that dies loses
 * its claim by itself when that time comes. PostgreSQL skips rows that another
 * backend is just taking; SQLite has one writer.
 */
export class DatabaseHealthStore implements HealthStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseHealthStore {
    return new DatabaseHealthStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async claimDue(options: {
    limit: number;
    leaseMs: number;
  }): Promise<HealthClaim[]> {
    const knex = this.#knex;
    const due = knex('resources')
      .where('health_due_at', '<=', nowMs(knex))
      .whereIn('state', CHECKED_STATES)
      .orderBy('health_due_at')
      .limit(options.limit)
      .select('id');
    if (isPostgres(knex)) {
      due.forUpdate().skipLocked();
    }
    const rows = await knex<ResourceRow>('resources')
      .whereIn('id', due)
      .update({ health_due_at: nowPlusMs(knex, options.leaseMs) as never })
      .returning('*');
    return rows.map(toClaim);
  }

  async claim(options: {
    id: string;
    leaseMs: number;
  }): Promise<HealthClaim | undefined> {
    const [row] = await this.#knex<ResourceRow>('resources')
      .where({ id: options.id })
      .whereIn('state', CHECKED_STATES)
      .update({
        health_due_at: nowPlusMs(this.#knex, options.leaseMs) as never,
      })
      .returning('*');
    return row && toClaim(row);
  }

  async record(options: RecordHealthOptions) {
    const { claim, status, message } = options;
    const { id } = claim.record;
    return this.#knex.transaction(async transaction => {
      const isGood = status === 'healthy';
      const isBad = status === 'unhealthy';
      const [row] = await transaction<ResourceRow>('resources')
        .where({ id, health_due_at: claim.token })
        .whereIn('state', CHECKED_STATES)
        .update({
          health_status: status,
          health_message: message,
          health_checked_at: nowMs(transaction) as never,
          health_due_at: nowPlusMs(transaction, options.nextInMs) as never,
          // What cannot be told counts neither way.
          ...(isGood ? { health_failures: 0 } : {}),
          ...(isBad ? { health_successes: 0 } : {}),
        })
        .returning('*');
      if (!row) {
        return undefined;
      }
      if (isGood || isBad) {
        await transaction('resources')
          .where({ id })
          .increment(isGood ? 'health_successes' : 'health_failures', 1);
      }
      await this.#remember(transaction, { ...options, id });
      const failures = row.health_failures + (isBad ? 1 : 0);
      const successes = row.health_successes + (isGood ? 1 : 0);
      if (row.state === 'active' && isBad) {
        if (failures >= options.failureThreshold) {
          await transitionResource(transaction, {
            id,
            to: 'degraded',
            reason: `${failures} health checks in a row failed: ${message}`,
            by: HEALTH_ACTOR,
            patch: { error: message },
          });
          return { state: 'degraded' as const, changed: true };
        }
      } else if (row.state === 'degraded' && isGood) {
        if (successes >= options.successThreshold) {
          await transitionResource(transaction, {
            id,
            to: 'active',
            reason:
              successes === 1
                ? 'A health check succeeded'
                : `${successes} health checks in a row succeeded`,
            by: HEALTH_ACTOR,
          });
          return { state: 'active' as const, changed: true };
        }
      }
      return { state: row.state, changed: false };
    });
  }

  async release({ record, token }: HealthClaim): Promise<void> {
    await this.#knex<ResourceRow>('resources')
      .where({ id: record.id, health_due_at: token })
      .update({
        health_due_at: null,
        health_status: null,
        health_message: null,
        health_checked_at: null,
      });
  }

  async enroll(options: { provider: string; types: string[] }): Promise<void> {
    await this.#knex<ResourceRow>('resources')
      .where({ provider: options.provider })
      .whereIn('type', options.types)
      .whereIn('state', CHECKED_STATES)
      .whereNull('health_due_at')
      .update({ health_due_at: nowMs(this.#knex) as never });
  }

  async history(options: {
    id: string;
    limit: number;
  }): Promise<HealthRecord[]> {
    const rows: HealthRow[] = await this.#knex<HealthRow>('resource_health')
      .where({ resource_id: options.id })
      .orderBy('id', 'desc')
      .limit(options.limit);
    return rows.map(row => ({
      status: row.status,
      message: row.message,
      checks: row.checks,
      durationMs: row.duration_ms,
      since: toTimestamp(toNumber(row.first_at)),
      until: toTimestamp(toNumber(row.last_at)),
    }));
  }

  async deleteHistory(options: {
    ageMs: number;
    signal?: AbortSignal;
  }): Promise<number> {
    const knex = this.#knex;
    let total = 0;
    while (!options.signal?.aborted) {
      const deleted = await knex('resource_health')
        .whereIn(
          'id',
          knex('resource_health')
            .where('last_at', '<', nowPlusMs(knex, -options.ageMs))
            .limit(DELETE_ROWS)
            .select('id'),
        )
        .delete();
      total += deleted;
      if (deleted < DELETE_ROWS) {
        break;
      }
    }
    return total;
  }

  /** The row of the resource is locked, so that nobody else writes here. */
  async #remember(
    transaction: Knex.Transaction,
    result: RecordHealthOptions & { id: string },
  ): Promise<void> {
    const { id, status, message } = result;
    const durationMs = Math.round(result.durationMs);
    const last: HealthRow | undefined = await transaction<HealthRow>(
      'resource_health',
    )
      .where({ resource_id: id })
      .orderBy('id', 'desc')
      .first();
    if (last?.status === status && last.message === message) {
      await transaction('resource_health')
        .where({ id: last.id })
        .update({
          checks: last.checks + 1,
          duration_ms: durationMs,
          last_at: nowMs(transaction),
        });
      return;
    }
    await transaction('resource_health').insert({
      id: newId(),
      resource_id: id,
      status,
      message,
      checks: 1,
      duration_ms: durationMs,
      first_at: nowMs(transaction),
      last_at: nowMs(transaction),
    });
  }
}

function toClaim(row: ResourceRow): HealthClaim {
  return { record: toResourceRecord(row), token: toNumber(row.health_due_at) };
}
