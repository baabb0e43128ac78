import { Knex } from 'knex';
import { isPostgres, onSqlite, queryPostgres } from '../database';
import { writeApprovals } from './approvalRows';
import {
  BATCH_COLUMNS,
  BatchRow,
  JournalRows,
  PROGRESS_COLUMNS,
  ProgressRow,
} from './journalRows';
import {
  POSTGRES_PROGRESS_ONE,
  POSTGRES_WRITE,
  POSTGRES_WRITE_ONE,
  SQLITE_ADVANCE,
  SQLITE_HELD,
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
    return writeEvents(knex, rows);
  }
  return knex.transaction(async trx => {
    const written = await writeEvents(trx, rows);
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

type EventRows = Pick<JournalRows, 'batches' | 'progress'>;

/** One statement on PostgreSQL, one transaction on SQLite. */
async function writeEvents(knex: Knex, rows: EventRows): Promise<Set<string>> {
  const written = isPostgres(knex)
    ? await writeToPostgres(knex, rows)
    : await writeToSqlite(knex, rows);
  return new Set(written.map(row => row.id));
}

async function writeToPostgres(
  knex: Knex,
  { batches, progress }: EventRows,
): Promise<Array<{ id: string }>> {
  if (batches.length + progress.length > 1) {
    return queryPostgres(knex, POSTGRES_WRITE, [
      JSON.stringify(batches),
      JSON.stringify(progress),
    ]);
  }
  const [batch] = batches;
  return batch
    ? queryPostgres(
        knex,
        POSTGRES_WRITE_ONE,
        BATCH_COLUMNS.map(([name]) => batch[name]),
      )
    : queryPostgres(
        knex,
        POSTGRES_PROGRESS_ONE,
        PROGRESS_COLUMNS.map(([name]) => progress[0][name]),
      );
}

async function writeToSqlite(
  knex: Knex,
  { batches, progress }: EventRows,
): Promise<Array<{ id: string }>> {
  return onSqlite(knex, query => {
    const ask = (text: string, rows: ProgressRow[]) =>
      rows.length === 0
        ? []
        : query<{ id: string }>(text, [JSON.stringify(rows)]);
    const held = [
      ...ask(SQLITE_ADVANCE, batches),
      ...ask(SQLITE_HELD, progress),
    ];
    const ids = new Set(held.map(row => row.id));
    // A batch may say only that a signal changed nothing.
    const hasEvents = (row: BatchRow) => row.new_seq > row.after_seq;
    const rows: ProgressRow[] = [...batches.filter(hasEvents), ...progress];
    for (const { id, after_seq, at, events } of rows) {
      if (ids.has(id)) {
        query(SQLITE_INSERT, [id, after_seq + 1, at, events]);
      }
    }
    return held;
  });
}
