import { RunEvent } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { fromJson } from '../database';
import { Journal, JournalBatch, LeaseLostError } from './Journal';
import {
  changedAttemptRows,
  changedStepRows,
  toRunColumns,
} from './projection';

/** SQLite allows 32766 variables in a statement; a row has at most ten. */
const ROWS_PER_STATEMENT = 500;

/** {@link Journal} in the plugin's database. */
export class DatabaseJournal implements Journal {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseJournal {
    return new DatabaseJournal(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async append(batch: JournalBatch): Promise<void> {
    await this.#knex.transaction(async trx => {
      await this.#advanceRun(trx, batch);
      await this.#insertEvents(trx, batch);
      await this.#writeSteps(trx, batch);
      await this.#writeAttempts(trx, batch);
      if (batch.signals.length > 0) {
        await trx('run_signals')
          .whereIn('id', batch.signals)
          .update({ delivered: true });
      }
    });
  }

  async read(runId: string): Promise<RunEvent[]> {
    const rows: Array<{ event: string }> = await this.#knex('run_events')
      .where({ run_id: runId })
      .orderBy('seq')
      .select('event');
    return rows.map(row => fromJson<RunEvent>(row.event));
  }

  /**
   * The guarded statement. It comes first, so that its row lock keeps a claim
   * away until the whole batch is written. A later owner has a higher token,
   * and a batch that was written already has moved `seq`.
   */
  async #advanceRun(trx: Knex.Transaction, batch: JournalBatch): Promise<void> {
    const { lease, state } = batch;
    const ended = state.endedAt !== undefined;
    const updated = await trx('workflow_runs')
      .where({
        id: lease.runId,
        lease_owner: lease.owner,
        fencing_token: lease.fencingToken,
        seq: batch.afterSeq,
      })
      .whereNull('ended_at')
      .update({
        ...toRunColumns(state),
        seq: batch.afterSeq + batch.events.length,
        version: trx.raw('version + 1'),
        ...(ended
          ? { lease_owner: null, lease_expires_at: null, wake_at: null }
          : {}),
      });
    if (updated !== 1) {
      throw new LeaseLostError(lease.runId);
    }
  }

  async #insertEvents(
    trx: Knex.Transaction,
    batch: JournalBatch,
  ): Promise<void> {
    const rows = batch.events.map((event, i) => ({
      run_id: batch.lease.runId,
      seq: batch.afterSeq + 1 + i,
      at: event.at,
      event: JSON.stringify(event),
    }));
    // Not `batchInsert`, which costs two round trips more for a savepoint.
    for (let i = 0; i < rows.length; i += ROWS_PER_STATEMENT) {
      await trx('run_events').insert(rows.slice(i, i + ROWS_PER_STATEMENT));
    }
  }

  async #writeSteps(trx: Knex.Transaction, batch: JournalBatch): Promise<void> {
    const rows = changedStepRows({
      runId: batch.lease.runId,
      before: batch.before,
      state: batch.state,
    });
    for (let i = 0; i < rows.length; i += ROWS_PER_STATEMENT) {
      await trx('run_steps')
        .insert(rows.slice(i, i + ROWS_PER_STATEMENT))
        .onConflict(['run_id', 'name'])
        .merge();
    }
  }

  async #writeAttempts(
    trx: Knex.Transaction,
    batch: JournalBatch,
  ): Promise<void> {
    const rows = changedAttemptRows({
      runId: batch.lease.runId,
      events: batch.events,
      state: batch.state,
    });
    for (let i = 0; i < rows.length; i += ROWS_PER_STATEMENT) {
      await trx('step_attempts')
        .insert(rows.slice(i, i + ROWS_PER_STATEMENT))
        .onConflict(['run_id', 'step', 'attempt'])
        // `started_at` stays what the first row said.
        .merge(['status', 'ended_at', 'error']);
    }
  }
}
