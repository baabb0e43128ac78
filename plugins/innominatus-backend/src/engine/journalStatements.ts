import { PreparedStatement } from '../database';
import { BATCH_COLUMNS, ColumnType, PROGRESS_COLUMNS } from './journalRows';

/** An ended run is let go by the statement that ends it. */
const SET_RUN = `
  seq = i.new_seq,
  version = r.version + 1,
  status = i.status,
  waiting = i.waiting,
  outputs = i.outputs,
  failure = i.failure,
  steps_total = i.steps_total,
  steps_done = i.steps_done,
  ended_at = i.ended_at,
  lease_owner = case when i.ended_at is null then r.lease_owner end,
  lease_expires_at = case when i.ended_at is null then r.lease_expires_at end,
  wake_at = case when i.ended_at is null then r.wake_at end`;

/**
 * A later owner has a higher token. The row may be behind the journal, never
 * before it; that a batch is written once only is what the key of the events,
 * run and `seq`, sees to.
 */
const GUARD = `r.id = i.id
  and r.lease_owner = i.owner
  and r.fencing_token = i.token
  and r.seq <= i.after_seq
  and r.ended_at is null`;

const declare = (columns: Array<[string, ColumnType]>) =>
  columns.map(([name, type]) => `${name} ${type}`).join(', ');

const asParameters = (columns: Array<[string, ColumnType]>) =>
  columns
    .map(([name, type], index) => `$${index + 1}::${type} as ${name}`)
    .join(', ');

const fromJsonValue = (columns: Array<[string, ColumnType]>) =>
  columns.map(([name]) => `value ->> '${name}' as ${name}`).join(', ');

/**
 * One statement, hence one round trip and one commit for the whole group: first
 * the batches that bring the columns of their runs, then those that do not.
 *
 * A run that goes on quickly writes its row now and then only. The row is the
 * dearer part: its columns have to be parsed, a new version of a long row is
 * written, and the old one has to be cleaned away. Locking the row for the time
 * of the statement costs a fraction of it, and is enough.
 *
 * Locking: the rows of the runs are locked before anything else is written, so a
 * claim cannot get between the check and the rows; a row that changed while the
 * statement waited for its lock is checked again against the guard. Groups never
 * share a run. Claims and renewals skip locked rows, and everybody else locks
 * one run at a time, so nobody waits in a circle.
 *
 * The ids are named a second time as an array: the planner cannot see how few
 * rows are in the JSON, and would read the whole table of runs instead. The
 * array is not a parameter of its own, because then every plan would be made
 * for its length, each time anew.
 */
export const POSTGRES_WRITE: PreparedStatement = {
  name: 'innominatus_journal_write',
  text: `
  with incoming as materialized (
    select i.* from json_to_recordset($1::json) as i(${declare(BATCH_COLUMNS)})
  ), progress as materialized (
    select i.* from json_to_recordset($2::json) as i(${declare(PROGRESS_COLUMNS)})
  ), advanced as (
    update workflow_runs r set ${SET_RUN}
    from incoming i
    where ${GUARD} and r.id = any(array(select id from incoming))
    returning r.id
  ), held as materialized (
    select r.id from workflow_runs r, progress i
    where ${GUARD} and r.id = any(array(select id from progress))
    for key share of r
  ), written as (
    insert into run_events (run_id, seq, at, event)
    select i.id, i.after_seq + 1, i.at, i.events from incoming i
    where i.id in (select id from advanced) and i.new_seq > i.after_seq
    union all
    select i.id, i.after_seq + 1, i.at, i.events from progress i
    where i.id in (select id from held)
  )
  select id from advanced union all select id from held`,
};

/** The same for a group of one, which is quicker without JSON in between. */
export const POSTGRES_WRITE_ONE: PreparedStatement = {
  name: 'innominatus_journal_write_one',
  text: `
  with i as (
    select ${asParameters(BATCH_COLUMNS)}
  ), advanced as (
    update workflow_runs r set ${SET_RUN}
    from i where ${GUARD}
    returning r.id
  ), written as (
    insert into run_events (run_id, seq, at, event)
    select i.id, i.after_seq + 1, i.at, i.events from i
    where i.id in (select id from advanced) and i.new_seq > i.after_seq
  )
  select id from advanced`,
};

export const POSTGRES_PROGRESS_ONE: PreparedStatement = {
  name: 'innominatus_journal_progress_one',
  text: `
  with i as (
    select ${asParameters(PROGRESS_COLUMNS)}
  ), held as materialized (
    select r.id from workflow_runs r, i where ${GUARD} for key share of r
  )
  insert into run_events (run_id, seq, at, event)
  select i.id, i.after_seq + 1, i.at, i.events from i
  where i.id in (select id from held)
  returning run_id as id`,
};

export const SQLITE_ADVANCE = `
  update workflow_runs as r set ${SET_RUN}
  from (select ${fromJsonValue(BATCH_COLUMNS)} from json_each(?)) as i
  where ${GUARD}
  returning id`;

/** The transaction around it keeps everybody else from the rows. */
export const SQLITE_HELD = `
  select r.id from workflow_runs as r,
    (select ${fromJsonValue(PROGRESS_COLUMNS)} from json_each(?)) as i
  where ${GUARD}`;

export const SQLITE_INSERT =
  'insert into run_events (run_id, seq, at, event) values (?, ?, ?, ?)';
