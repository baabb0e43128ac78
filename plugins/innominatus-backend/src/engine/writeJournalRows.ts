import { Knex } from 'knex';
import { isPostgres, onSqlite, queryPostgres } from '../database';
import { writeApprovals } from './approvalRows';
import { BATCH_COLUMNS, BatchRow, JournalRows } from './journalRows';
import {
  POSTGRES_WRITE,
  POSTGRES_WRITE_ONE,
  SQLITE_ADVANCE,
  SQLITE_INSERT,
} from './journalStatements';

/**
 * Writes the batches of many runs, and answers the ids of the runs that were
 * written. A run that has another owner or another `seq` by now is left out,
 * with everything that belongs to it; the others are not affected.
 */
export async function writeJournalRows(
  knex: Knex,
  rows: JournalRows,
): Promise<Set<string>> {
  if (rows.signals.length === 0 && rows.approvals.length === 0) {
    return writeBatches(knex, rows.batches);
  }
  return knex.transaction(async trx => {
    const written = await writeBatches(trx, rows.batches);
    const isWritten = (row: { run_id: string }) => written.has(row.run_id);
    await trx('run_signals')
      .whereIn(
        'id',
        rows.signals.filter(isWritten).map(signal => signal.id),
      )
      .update({ delivered: true });
    await writeApprovals(trx, rows.approvals.filter(isWritten));
    return written;
  });
}

/** One statement on PostgreSQL, one transaction of two on SQLite. */
async function writeBatches(
  knex: Knex,
  batches: BatchRow[],
): Promise<Set<string>> {
  if (isPostgres(knex)) {
    const rows = await (batches.length === 1
      ? queryPostgres<{ id: string }>(
          knex,
          POSTGRES_WRITE_ONE,
          BATCH_COLUMNS.map(([name]) => batches[0][name]),
        )
      : queryPostgres<{ id: string }>(knex, POSTGRES_WRITE, [
          JSON.stringify(batches),
        ]));
    return new Set(rows.map(row => row.id));
  }
  return onSqlite(knex, query => {
    const advanced = query<{ id: string }>(SQLITE_ADVANCE, [
      JSON.stringify(batches),
    ]);
    const ids = new Set(advanced.map(row => row.id));
    for (const { id, after_seq, new_seq, at, events } of batches) {
      // A batch may say only that a signal changed nothing.
      if (ids.has(id) && new_seq > after_seq) {
        query(SQLITE_INSERT, [id, after_seq + 1, at, events]);
      }
    }
    return ids;
  });
}
