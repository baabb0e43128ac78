import { Knex } from 'knex';
import { applyKeyset, isPostgres, nowMs } from '../database';

/** Rows that one transaction deletes at most, so that no writer waits long. */
const CHUNK_ROWS = 500;

const COUNTED_INDEXES = [
  'workflow_runs_status_idx',
  'workflow_runs_parent_idx',
];

/** What a run owns, with the column that names the run. */
const TABLES_OF_RUN = [
  'step_claims',
  'resource_callbacks',
  'log_chunks',
  'run_artifacts',
  'run_signals',
  'approvals',
  'run_events',
] as const;

export interface ExpiredRun {
  id: string;
  number: number;
  /** On the clock of the database. */
  endedAt: number;
}

export interface ExpiredRunsOptions {
  ageMs: number;
  /** The last run of the page before. */
  after?: Pick<ExpiredRun, 'number' | 'endedAt'>;
  limit: number;
  /** Only runs that nobody asked for. */
  onlyChecks?: boolean;
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
   * Runs that ended longer ago than `ageMs`, in the order of their ends. Without
   * the last run of a living application, without nested runs whose parent is
   * still there, and without runs whose retry or undo is: it uses the secrets of
   * the run that it follows.
   */
  async expiredRuns(options: ExpiredRunsOptions): Promise<ExpiredRun[]> {
    const knex = this.#knex;
    const rows = await this.#endedRuns(options)
      .where('end_handled', true)
      .whereNotExists(
        knex('deployments as d')
          .join('applications as a', 'a.id', 'd.application_id')
          .whereRaw('?? = ??', ['a.last_deployment_id', 'd.id'])
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
        knex('workflow_runs as f')
          .whereRaw('?? = ??', ['f.retry_of', 'r.id'])
          .select(knex.raw('1')),
      )
      .whereNotExists(
        knex('workflow_runs as f')
          .whereRaw('?? = ??', ['f.undo_of', 'r.id'])
          .select(knex.raw('1')),
      )
      .whereNotExists(
        knex('workflow_runs as p')
          .whereRaw('?? = ??', ['p.id', 'r.parent_run_id'])
          .select(knex.raw('1')),
      );
    return rows.map(toExpiredRun);
  }

  /**
   * All runs that ended longer ago than `ageMs`, in the order of their ends, and
   * whether they have a log. Not only those with one: to look for the few would
   * keep the database busy with the many for as long as one statement takes.
   */
  async runsPastLogs(
    options: ExpiredRunsOptions,
  ): Promise<Array<ExpiredRun & { hasLog: boolean }>> {
    const knex = this.#knex;
    const log = knex('log_chunks as l')
      .whereRaw('?? = ??', ['l.run_id', 'r.id'])
      .select(knex.raw('1'));
    const rows = await this.#endedRuns(options).select<
      Array<ExpiredRunRow & { has_log: boolean | number }>
    >(knex.raw('exists ? as has_log', [log]));
    return rows.map(row => ({
      ...toExpiredRun(row),
      hasLog: Boolean(row.has_log),
    }));
  }

  /**
   * Lets SQLite count what is in two indexes, for without it takes a list of
   * the few runs in progress for one of the many that are over. All of each,
   * because a sample does not show how uneven they are. PostgreSQL counts by
   * itself.
   */
  async maintain(): Promise<void> {
    if (!isPostgres(this.#knex)) {
      for (const index of COUNTED_INDEXES) {
        await this.#knex.raw(`analyze ${index}`);
      }
    }
  }

  /** Answers how many lines are gone. */
  async deleteLogs(runId: string, signal?: AbortSignal): Promise<number> {
    const lines = async () => {
      const row = await this.#knex('log_chunks')
        .where({ run_id: runId })
        .sum({ lines: 'line_count' })
        .first();
      return Number(row?.lines ?? 0);
    };
    const before = await lines();
    await this.#deleteInChunks({ table: 'log_chunks', runId, signal });
    return before - (signal?.aborted ? await lines() : 0);
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

  #endedRuns({ ageMs, after, limit, onlyChecks }: ExpiredRunsOptions) {
    const knex = this.#knex;
    const query = knex('workflow_runs as r')
      .whereNotNull('r.ended_at')
      .whereRaw('r.ended_at < ? - cast(? as bigint)', [
        nowMs(knex),
        Math.round(ageMs),
      ]);
    if (onlyChecks) {
      query.whereNotNull('r.purpose');
    }
    if (after) {
      // Says no more than the cursor, but lets an index begin there.
      query.where('r.ended_at', '>=', after.endedAt);
    }
    applyKeyset(query, {
      columns: [
        { column: 'r.ended_at', descending: false },
        { column: 'r.number', descending: false },
      ],
      cursor: after && { sort: 'end', values: [after.endedAt, after.number] },
    });
    return query
      .limit(limit)
      .select<ExpiredRunRow[]>(
        'r.id as id',
        'r.number as number',
        'r.ended_at as ended_at',
      );
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

interface ExpiredRunRow {
  id: string;
  number: number;
  ended_at: number | string;
}

function toExpiredRun(row: ExpiredRunRow): ExpiredRun {
  return { id: row.id, number: row.number, endedAt: Number(row.ended_at) };
}
