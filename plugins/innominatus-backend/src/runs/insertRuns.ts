import { RunPurpose } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import {
  PreparedStatement,
  POSTGRES_NOW_MS,
  SQLITE_NOW_MS,
  isPostgres,
  onSqlite,
  queryPostgres,
} from '../database';
import { toGroupRows } from './insertWithGroups';
import { RunGroup } from './runGroups';

/** One point of priority is worth this much waiting. */
export const AGING_MS = 60_000;

/** Keeps a statement below the parameters that SQLite takes. */
const GROUPS_PER_STATEMENT = 100;

/** What a run is created with. */
export interface NewRunRow {
  id: string;
  workflow: string;
  golden_path: string | null;
  title: string | null;
  application_environment: string | null;
  application_environment_type: string | null;
  application_name: string | null;
  application_entity_ref: string | null;
  application_owner: string | null;
  deployment_id: string | null;
  deployment_number: number | null;
  initiator: string;
  parent_run_id: string | null;
  parent_step: string | null;
  depth: number;
  concurrency_key: string | null;
  definition: string;
  input: string;
  steps_total: number;
  runtime: string;
  priority: number;
  team: string | null;
  /** Empty for what people and schedules start. */
  purpose: RunPurpose | null;
  /** The run waits for groups before it may begin. */
  grouped: boolean;
  /** The process that works on the run from the first moment on. */
  lease_owner: string | null;
  /** Milliseconds; 0 without an owner. */
  lease_ms: number;
}

/** What the database adds. */
export interface InsertedRun {
  id: string;
  number: number;
  created_at: number | string;
  queue_order: number | string;
}

/** The columns that travel to the database as JSON; see `journalRows`. */
const COLUMNS = Object.entries({
  id: 'text',
  workflow: 'text',
  golden_path: 'text',
  title: 'text',
  application_environment: 'text',
  application_environment_type: 'text',
  application_name: 'text',
  application_entity_ref: 'text',
  application_owner: 'text',
  deployment_id: 'text',
  deployment_number: 'integer',
  initiator: 'text',
  parent_run_id: 'text',
  parent_step: 'text',
  depth: 'integer',
  concurrency_key: 'text',
  definition: 'text',
  input: 'text',
  steps_total: 'integer',
  runtime: 'text',
  priority: 'integer',
  team: 'text',
  purpose: 'text',
  grouped: 'boolean',
  lease_owner: 'text',
  lease_ms: 'bigint',
} satisfies Record<keyof NewRunRow, 'text' | 'integer' | 'bigint' | 'boolean'>);

const STORED = COLUMNS.map(([name]) => name).filter(
  name => name !== 'lease_ms',
);

/** A run with an owner counts as claimed for the first time. */
function insertSql(now: string, source: string): string {
  const owned = (then: string, otherwise: string) =>
    `case when i.lease_owner is null then ${otherwise} else ${then} end`;
  return `
    insert into workflow_runs (${STORED.join(', ')}, status, created_at,
      queue_order, admitted_at, wake_at, lease_expires_at, fencing_token,
      started_at)
    select ${STORED.map(name => `i.${name}`).join(', ')},
      ${owned("'running'", "'queued'")}, ${now},
      ${now} - cast(i.priority as bigint) * ${AGING_MS},
      case when i.grouped then null else ${now} end,
      ${owned('0', now)},
      ${owned(`${now} + i.lease_ms`, 'null')},
      ${owned('1', '0')},
      ${owned(now, 'null')}
    from ${source} as i
    where true
    on conflict (id) do nothing
    returning id, number, created_at, queue_order`;
}

const POSTGRES_INSERT: PreparedStatement = {
  name: 'innominatus_runs_insert',
  text: insertSql(
    POSTGRES_NOW_MS,
    `(select * from json_to_recordset($1::json) as r(${COLUMNS.map(
      ([name, type]) => `${name} ${type}`,
    ).join(', ')}))`,
  ),
};

const SQLITE_INSERT = insertSql(
  SQLITE_NOW_MS,
  `(select ${COLUMNS.map(([name]) => `value ->> '${name}' as ${name}`).join(
    ', ',
  )} from json_each(?))`,
);

/** A run that is about to be created. */
export interface NewRun {
  row: NewRunRow;
  groups: RunGroup[];
}

/**
 * Creates many runs in one commit; those whose id exists already are left as
 * they are. Answers the rows that are new, by id.
 */
export async function insertRuns(
  knex: Knex,
  runs: NewRun[],
): Promise<Map<string, InsertedRun>> {
  if (runs.every(run => run.groups.length === 0)) {
    return insertRows(knex, runs);
  }
  // Nobody looks at a run before its groups are there.
  return knex.transaction(async trx => {
    const inserted = await insertRows(trx, runs);
    const groups = runs.flatMap(({ row, groups: wanted }) => {
      const run = inserted.get(row.id);
      return run ? toGroupRows(run, wanted) : [];
    });
    for (let i = 0; i < groups.length; i += GROUPS_PER_STATEMENT) {
      await trx('run_groups').insert(groups.slice(i, i + GROUPS_PER_STATEMENT));
    }
    return inserted;
  });
}

async function insertRows(
  knex: Knex,
  runs: NewRun[],
): Promise<Map<string, InsertedRun>> {
  const values = [JSON.stringify(runs.map(({ row }) => row))];
  const inserted = isPostgres(knex)
    ? await queryPostgres<InsertedRun>(knex, POSTGRES_INSERT, values)
    : await onSqlite(knex, query => query<InsertedRun>(SQLITE_INSERT, values));
  return new Map(inserted.map(row => [row.id, row]));
}
