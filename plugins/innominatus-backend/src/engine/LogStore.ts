import { Knex } from 'knex';
import { isPostgres } from '../database';
import { LeaseLostError, RunLease } from './Journal';
import { LARGEST_BATCH, packLines } from './logChunks';

export type LogLevel = 'info' | 'warn' | 'error';

export interface LogLine {
  step: string;
  attempt: number;
  at: number;
  level: LogLevel;
  text: string;
}

/** Where the lines of runs are written; only by the owner of the run. */
export interface LogStore {
  /** Number of the last line of the run, 0 before the first. */
  lastSeq(runId: string): Promise<number>;
  /**
   * At most {@link LARGEST_BATCH} lines. The same batch may be written again
   * when nobody knows whether it was. Throws {@link LeaseLostError} when the run
   * has another owner by now.
   */
  append(options: {
    lease: RunLease;
    afterSeq: number;
    lines: LogLine[];
  }): Promise<void>;
}

const ROWS_PER_STATEMENT = 50;

/** {@link LogStore} in the plugin's database. */
export class DatabaseLogStore implements LogStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseLogStore {
    return new DatabaseLogStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async lastSeq(runId: string): Promise<number> {
    const knex = this.#knex;
    // Chunks overlap: the last line may be in one that began earlier.
    const newest = knex('log_chunks')
      .where({ run_id: runId })
      .select(knex.raw('max(first_seq) - ?', [LARGEST_BATCH]));
    const row = await knex('log_chunks')
      .where({ run_id: runId })
      .andWhere('first_seq', '>', newest)
      .max({ seq: 'last_seq' })
      .first();
    return Number(row?.seq ?? 0);
  }

  async append(options: {
    lease: RunLease;
    afterSeq: number;
    lines: LogLine[];
  }): Promise<void> {
    const { lease, afterSeq, lines } = options;
    await this.#knex.transaction(async trx => {
      // The shared lock lets a claim wait until the lines are written, so that
      // the next owner counts on from the right number.
      const owned = await trx('workflow_runs')
        .where({ id: lease.runId, fencing_token: lease.fencingToken })
        .modify(query => isPostgres(trx) && query.forShare())
        .first('number');
      if (!owned) {
        throw new LeaseLostError(lease.runId);
      }
      const rows = packLines({ runId: lease.runId, afterSeq, lines });
      // A batch whose answer got lost is written again; it is the same batch.
      for (let i = 0; i < rows.length; i += ROWS_PER_STATEMENT) {
        await trx('log_chunks')
          .insert(rows.slice(i, i + ROWS_PER_STATEMENT))
          .onConflict(['run_id', 'first_seq'])
          .ignore();
      }
    });
  }
}
