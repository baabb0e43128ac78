import { Knex } from 'knex';
import { isPostgres, nowMs, nowPlusMs, toNumber } from '../database';
import { sha256Of } from '../deployments/sha256';
import { NO_DRIFT, ResourceRow, toResourceRecord } from '../resources/rows';
import { ResourceRecord } from '../resources/types';
import { countDrift } from './countDrift';
import { DriftClaim, DriftStore, ResourceLook } from './types';

/** In these states a resource is there, and nobody works on it. */
const LOOKED_AT_STATES = ['active', 'degraded'];

/**
 * Drift of resources in the plugin's database. Taking a resource moves its
 * `drift_due_at` into the future by one statement, and a result counts only
 * while it still stands there: whoever dies loses the claim by itself, and
 * every change of the resource takes it away.
 */
export class DatabaseDriftStore implements DriftStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseDriftStore {
    return new DatabaseDriftStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async claimDue(options: {
    limit: number;
    leaseMs: number;
  }): Promise<DriftClaim[]> {
    const knex = this.#knex;
    const due = knex('resources')
      .where('drift_due_at', '<=', nowMs(knex))
      .whereIn('state', LOOKED_AT_STATES)
      .orderBy('drift_due_at')
      .limit(options.limit)
      .select('id');
    if (isPostgres(knex)) {
      due.forUpdate().skipLocked();
    }
    const rows = await knex<ResourceRow>('resources')
      .whereIn('id', due)
      .update({ drift_due_at: nowPlusMs(knex, options.leaseMs) as never })
      .returning('*');
    return rows.map(toClaim);
  }

  async claim(options: {
    id: string;
    leaseMs: number;
  }): Promise<DriftClaim | undefined> {
    const [row] = await this.#knex<ResourceRow>('resources')
      .where({ id: options.id })
      .whereIn('state', LOOKED_AT_STATES)
      .update({
        drift_due_at: nowPlusMs(this.#knex, options.leaseMs) as never,
      })
      .returning('*');
    return row && toClaim(row);
  }

  async record(options: {
    claim: DriftClaim;
    look: ResourceLook;
    nextInMs: number;
  }): Promise<ResourceRecord | undefined> {
    const { claim, look, nextInMs } = options;
    const { status, message, changes, runId } = look;
    const isDrift = status === 'drifted' || status === 'missing';
    const [row] = await this.#claimed(claim)
      .whereIn('state', LOOKED_AT_STATES)
      .update({
        drift_status: status,
        drift_message: message ?? null,
        drift_changes: JSON.stringify(changes),
        drift_version: versionOf(look),
        drift_run_id: runId ?? null,
        drift_checked_at: nowMs(this.#knex) as never,
        drift_due_at: nowPlusMs(this.#knex, nextInMs) as never,
        // What cannot be told neither begins a drift nor ends one.
        ...(isDrift
          ? {
              drift_since: this.#knex.raw('coalesce(drift_since, ?)', [
                nowMs(this.#knex),
              ]) as never,
            }
          : {}),
        ...(status === 'none' ? { drift_since: null } : {}),
      })
      .returning('*');
    return row && toResourceRecord(row);
  }

  async postpone(claim: DriftClaim, nextInMs: number): Promise<void> {
    await this.#claimed(claim).update({
      drift_due_at: nowPlusMs(this.#knex, nextInMs) as never,
    });
  }

  async release(claim: DriftClaim): Promise<void> {
    await this.#claimed(claim).update(NO_DRIFT);
  }

  async enroll(options: { provider: string; types: string[] }): Promise<void> {
    await this.#knex<ResourceRow>('resources')
      .where({ provider: options.provider })
      .whereIn('type', options.types)
      .whereIn('state', LOOKED_AT_STATES)
      .whereNull('drift_due_at')
      .update({ drift_due_at: nowMs(this.#knex) as never });
  }

  async countOf(
    applications: Array<{ id: string; environment: string; name: string }>,
  ): Promise<number[]> {
    return countDrift(this.#knex, applications);
  }

  #claimed({ record, token }: DriftClaim) {
    return this.#knex<ResourceRow>('resources').where({
      id: record.id,
      drift_due_at: token,
    });
  }
}

/** Names what was found; without the values of secrets, which are masked. */
export function versionOf(look: Pick<ResourceLook, 'status' | 'changes'>) {
  return sha256Of([look.status, look.changes]);
}

function toClaim(row: ResourceRow): DriftClaim {
  return { record: toResourceRecord(row), token: toNumber(row.drift_due_at) };
}
