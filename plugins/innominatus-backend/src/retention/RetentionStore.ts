import { Knex } from 'knex';
import { isPostgres, nowMs } from '../database';

/** Rows that one transaction deletes at most, so that no writer waits long. */
const CHUNK_ROWS = 500;

/** What a run owns, with the column that names the run. */
const TABLES_OF_RUN = [
  'step_logs',
  'run_artifacts',
  'run_signals',
  'approvals',
  'step_attempts',
  'run_steps',
  'run_events',
] as const;

export interface ExpiredRun {
  id: string;
  number: number;
}

/**
 * Deletes what is over for longer than it is kept.
 *
 * The row of a run goes last: a process that dies in the middle leaves a run
 * that the next round finds again.
 */
export class RetentionStore {
  readonly #knex: Knex;

  static create(knex: Knex): RetentionStore {
    return new RetentionStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Runs that ended longer ago than `ageMs`, oldest first. Without the last run
   * of a living application, and without nested runs whose parent is kept.
   */
  async expiredRuns(options: {
    ageMs: number;
    after: number;
    limit: number;
  }): Promise<ExpiredRun[]> {
    const knex = this.#knex;
    return this.#endedRuns(options)
      .where('end_handled', true)
      .whereNotExists(
        knex('deployments as d')
          .join('applications as a', 'a.last_deployment_id', 'd.id')
          .whereNull('a.deleted_at')
          .whereRaw('?? = ??', ['d.run_id', 'r.id'])
          .select(knex.raw('1')),
      )
      .whereNotExists(
        knex('deployments as d')
          .whereNull('d.ended_at')
          .whereRaw('?? = ??', ['d.run_id', 'r.id'])
          .select(knex.raw('1')),
      )
      .whereNotExists(
        knex('resources as s')
          .whereNot('s.state', 'terminated')
          .whereRaw('?? = ??', ['s.run_id', 'r.id'])
          .select(knex.raw('1')),
      )
      .whereNotExists(
        knex('workflow_runs as p')
          .whereRaw('?? = ??', ['p.id', 'r.parent_run_id'])
          .select(knex.raw('1')),
      );
  }

  /** Runs that ended longer ago than `ageMs` and still have a log. */
  async runsWithExpiredLogs(options: {
    ageMs: number;
    after: number;
    limit: number;
  }): Promise<ExpiredRun[]> {
    const knex = this.#knex;
    return this.#endedRuns(options).whereExists(
      knex('step_logs as l')
        .whereRaw('?? = ??', ['l.run_id', 'r.id'])
        .select(knex.raw('1')),
    );
  }

  async deleteLogs(runId: string, signal?: AbortSignal): Promise<number> {
    return this.#deleteInChunks({ table: 'step_logs', runId, signal });
  }

  /** Answers `false` when it was asked to stop before the run was gone. */
  async deleteRun(runId: string, signal?: AbortSignal): Promise<boolean> {
    for (const table of TABLES_OF_RUN) {
      await this.#deleteInChunks({ table, runId, signal });
    }
    if (signal?.aborted) {
      return false;
    }
    await this.#knex('workflow_runs')
      .where({ id: runId })
      .whereNotNull('ended_at')
      .delete();
    return true;
  }

  #endedRuns(options: { ageMs: number; after: number; limit: number }) {
    const { ageMs, after, limit } = options;
    const knex = this.#knex;
    return knex('workflow_runs as r')
      .whereNotNull('r.ended_at')
      .whereRaw('r.ended_at < ? - cast(? as bigint)', [
        nowMs(knex),
        Math.round(ageMs),
      ])
      .where('r.number', '>', after)
      .orderBy('r.number')
      .limit(limit)
      .select<ExpiredRun[]>('r.id as id', 'r.number as number');
  }

  async #deleteInChunks(options: {
    table: (typeof TABLES_OF_RUN)[number];
    runId: string;
    signal?: AbortSignal;
  }): Promise<number> {
    const { table, runId, signal } = options;
    const knex = this.#knex;
    // Both databases have an address of a row that needs no index of ours.
    const row = isPostgres(knex) ? 'ctid' : 'rowid';
    let total = 0;
    while (!signal?.aborted) {
      const deleted = await knex(table)
        .whereIn(
          row,
          knex(table).where({ run_id: runId }).limit(CHUNK_ROWS).select(row),
        )
        .delete();
      total += deleted;
      if (deleted < CHUNK_ROWS) {
        break;
      }
    }
    return total;
  }
}
