import { Knex } from 'knex';
import { isPostgres } from '../database';
import { insertApprovals } from './approvalRows';
import { JOURNAL_COLUMNS, JournalRows } from './journalRows';

/**
 * Writes the batches of many runs, and answers the ids of the runs that were
 * written. A run that has another owner or another `seq` by now is left out,
 * with everything that belongs to it; the others are not affected.
 */
export async function writeJournalRows(
  knex: Knex,
  rows: JournalRows,
): Promise<Set<string>> {
  return isPostgres(knex)
    ? await writeToPostgres(knex, rows)
    : await writeToSqlite(knex, rows);
}

/** An ended run is let go by the statement that ends it. */
const SET_RUN = `
  seq = i.new_seq,
  version = r.version + 1,
  status = i.status,
  waiting = i.waiting,
  outputs = i.outputs,
  failure = i.failure,
  steps_done = i.steps_done,
  ended_at = i.ended_at,
  definition = coalesce(i.definition, r.definition),
  steps_total = coalesce(i.steps_total, r.steps_total),
  lease_owner = case when i.ended_at is null then r.lease_owner end,
  lease_expires_at = case when i.ended_at is null then r.lease_expires_at end,
  wake_at = case when i.ended_at is null then r.wake_at end`;

/** A later owner has a higher token; a batch written already has moved `seq`. */
const GUARD = `r.id = i.id
  and r.lease_owner = i.owner
  and r.fencing_token = i.token
  and r.seq = i.after_seq
  and r.ended_at is null`;

const ON_STEP_CONFLICT = `on conflict (run_id, name) do update set ${JOURNAL_COLUMNS.steps
  .map(([name]) => name)
  .filter(name => name !== 'run_id' && name !== 'name')
  .map(name => `${name} = excluded.${name}`)
  .join(', ')}`;

// `started_at` stays what the first row said.
const ON_ATTEMPT_CONFLICT = `on conflict (run_id, step, attempt) do update set
  status = excluded.status, ended_at = excluded.ended_at, error = excluded.error`;

type Table = keyof typeof JOURNAL_COLUMNS;

function namesOf(table: Table, prefix: string = ''): string {
  return JOURNAL_COLUMNS[table].map(([name]) => prefix + name).join(', ');
}

function recordset(table: Table): string {
  const columns = JOURNAL_COLUMNS[table]
    .map(([name, type]) => `${name} ${type}`)
    .join(', ');
  return `json_to_recordset(?::json) as i(${columns})`;
}

function insertOwned(target: string, table: Table, onConflict: string): string {
  return `insert into ${target} (${namesOf(table)})
    select ${namesOf(table, 'i.')} from ${recordset(table)}
    where i.run_id in (select id from advanced) ${onConflict}`;
}

/**
 * One statement, hence one round trip and one commit for the whole group.
 *
 * Locking: the rows of the runs are locked in the order of their ids, as
 * `renewLeases` does, so that the two never wait for each other in a circle. A
 * claim skips locked rows. The lock comes before everything else is written, so
 * a claim cannot get between the check and the rows; a row that changed while
 * the statement waited for its lock is checked again against the guard.
 */
const postgresStatement = (more: string = '') => `
  with incoming as materialized (
    select i.* from ${recordset('runs')}
  ), owned as materialized (
    select r.id from workflow_runs r join incoming i on ${GUARD}
    order by r.id
    for update of r
  ), advanced as (
    update workflow_runs r set ${SET_RUN}
    from incoming i join owned o on o.id = i.id
    where ${GUARD}
    returning r.id
  ), new_events as (
    ${insertOwned('run_events', 'events', '')}
  ), new_steps as (
    ${insertOwned('run_steps', 'steps', ON_STEP_CONFLICT)}
  ), new_attempts as (
    ${insertOwned('step_attempts', 'attempts', ON_ATTEMPT_CONFLICT)}
  ), new_signals as (
    update run_signals s set delivered = true
    from ${recordset('signals')}
    where s.id = i.id and i.run_id in (select id from advanced)
  )${more}
  select id from advanced`;

async function writeToPostgres(
  knex: Knex,
  rows: JournalRows,
): Promise<Set<string>> {
  const { runs, events, steps, attempts, signals, approvals } = rows;
  const parts: unknown[][] = [runs, events, steps, attempts, signals];
  let statement = postgresStatement();
  if (approvals.length > 0) {
    parts.push(approvals);
    statement = postgresStatement(
      `, new_approvals as (${insertApprovals(knex, 'select id from advanced')})`,
    );
  }
  const result: { rows: Array<{ id: string }> } = await knex.raw(
    statement,
    parts.map(part => JSON.stringify(part)),
  );
  return new Set(result.rows.map(row => row.id));
}

function fromJsonEach(table: Table): string {
  const columns = JOURNAL_COLUMNS[table]
    .map(([name]) => `value ->> '${name}' as ${name}`)
    .join(', ');
  return `select ${columns} from json_each(?)`;
}

const SQLITE_ADVANCE = `
  update workflow_runs as r set ${SET_RUN}
  from (${fromJsonEach('runs')}) as i
  where ${GUARD}
  returning id`;

// SQLite needs the `where`, or else it reads "on conflict" as part of a join.
const SQLITE_INSERTS = {
  events: `insert into run_events (${namesOf('events')})
    ${fromJsonEach('events')}`,
  steps: `insert into run_steps (${namesOf('steps')})
    ${fromJsonEach('steps')} where true ${ON_STEP_CONFLICT}`,
  attempts: `insert into step_attempts (${namesOf('attempts')})
    ${fromJsonEach('attempts')} where true ${ON_ATTEMPT_CONFLICT}`,
  signals: `update run_signals set delivered = true
    where id in (select value ->> 'id' from json_each(?))`,
};

/** One transaction; SQLite has one writer, so nothing comes in between. */
async function writeToSqlite(
  knex: Knex,
  rows: JournalRows,
): Promise<Set<string>> {
  return await knex.transaction(async trx => {
    const advanced: Array<{ id: string }> = await trx.raw(SQLITE_ADVANCE, [
      JSON.stringify(rows.runs),
    ]);
    const ids = new Set(advanced.map(row => row.id));
    for (const table of ['events', 'steps', 'attempts', 'signals'] as const) {
      const owned = rows[table].filter(row => ids.has(row.run_id));
      if (owned.length > 0) {
        await trx.raw(SQLITE_INSERTS[table], [JSON.stringify(owned)]);
      }
    }
    const approvals = rows.approvals.filter(row => ids.has(row.run_id));
    if (approvals.length > 0) {
      await trx.raw(insertApprovals(trx), [JSON.stringify(approvals)]);
    }
    return ids;
  });
}
