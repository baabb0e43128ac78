import { Knex } from 'knex';
import { RetentionStore } from '../../../plugins/innominatus-backend/src/retention';

const DAY_MS = 24 * 60 * 60 * 1000;
/** What retention keeps by default, so that nothing of the history is due. */
const RUNS_KEPT_MS = 90 * DAY_MS;
const LOGS_KEPT_MS = 30 * DAY_MS;

/** Runs that one statement copies. */
const CHUNK = 50_000;

/** Tables with rows of a run; which of them exist depends on the migrations. */
const CHILD_TABLES = ['run_events', 'run_steps', 'step_attempts', 'step_logs'];

export interface CloneRunsOptions {
  knex: Knex;
  /** Ids of finished runs to copy in turn. */
  templates: string[];
  /** Copies to make. */
  runs: number;
  onProgress(done: number): void;
}

/**
 * Fills the tables with finished runs that look as if three months had passed:
 * copies of runs that the engine itself has carried out, so that every column
 * is as it would be, spread over time, applications, teams and people.
 */
export async function cloneRuns(options: CloneRunsOptions): Promise<void> {
  const { knex, templates, runs, onProgress } = options;
  const dialect = isPostgres(knex) ? POSTGRES : SQLITE;
  await knex.schema.createTable('bench_templates', table => {
    table.integer('position').primary();
    table.text('id').notNullable();
  });
  await knex('bench_templates').insert(
    templates.map((id, position) => ({ position, id })),
  );
  const begin = Date.now() - RUNS_KEPT_MS * 0.95;
  const spacing = Math.floor((RUNS_KEPT_MS * 0.95) / runs);
  const at = `(${Math.floor(begin)} + n * ${spacing})`;
  const id = dialect.id(at);
  const firstWithLog = Math.max(0, runs - Math.floor(LOGS_KEPT_MS / spacing));

  for (let first = 0; first < runs; first += CHUNK) {
    const last = Math.min(first + CHUNK, runs) - 1;
    const series = (from: number) => `${dialect.series(from, last)}
      join bench_templates t on t.position = (n + n / ${templates.length}) % ${templates.length}`;
    await knex.transaction(async trx => {
      await dialect.prepare(trx);
      await copy(trx, {
        table: 'workflow_runs',
        source: `${series(first)} join workflow_runs r on r.id = t.id`,
        values: runValues({ id, at }),
      });
      for (const table of CHILD_TABLES) {
        const from =
          table === 'step_logs' ? Math.max(first, firstWithLog) : first;
        if (from > last || !(await trx.schema.hasTable(table))) continue;
        await copy(trx, {
          table,
          source: `${series(from)} join ${table} r on r.run_id = t.id`,
          values: { run_id: id },
        });
      }
    });
    onProgress(last + 1);
  }
  await knex.schema.dropTable('bench_templates');
  await dialect.finish(knex);
}

/** What differs between the copies; `n` counts them. */
function runValues({ id, at }: { id: string; at: string }) {
  return {
    // Given out by the database.
    number: undefined,
    id,
    created_at: at,
    started_at: `${at} + 40`,
    ended_at: `${at} + 1900`,
    end_handled: 'true',
    workflow: `'workflow-' || (n % 12)`,
    golden_path: `'path-' || (n % 8)`,
    initiator: `'user:default/person-' || (n % 200)`,
    application_name: `'app-' || (n % 500)`,
    application_entity_ref: `'component:default/app-' || (n % 500)`,
    application_owner: `'group:default/team-' || (n % 40)`,
    application_environment: `case n % 3 when 0 then 'development' when 1 then 'staging' else 'production' end`,
    application_environment_type: `case n % 3 when 2 then 'production' else 'development' end`,
  };
}

async function copy(
  trx: Knex.Transaction,
  options: {
    table: string;
    source: string;
    values: Record<string, string | undefined>;
  },
): Promise<void> {
  const { table, source, values } = options;
  const columns = Object.keys(await trx(table).columnInfo()).filter(
    column => !(column in values) || values[column] !== undefined,
  );
  const expressions = columns.map(column => values[column] ?? `r.${column}`);
  await trx.raw(
    `insert into ${table} (${columns.join(', ')})
     select ${expressions.join(', ')} from ${source} order by n`,
  );
}

interface CloneDialect {
  /** A UUIDv7 of a time, unique by `n`. */
  id(at: string): string;
  series(from: number, to: number): string;
  prepare(trx: Knex.Transaction): Promise<void>;
  /** What the database would have done in three months by itself. */
  finish(knex: Knex): Promise<void>;
}

const uuid = (time: string, count: string) =>
  `substr(${time}, 1, 8) || '-' || substr(${time}, 9, 4) || '-7000-8000-' || ${count}`;

const POSTGRES: CloneDialect = {
  id: at =>
    uuid(
      `lpad(to_hex(${at}::bigint), 12, '0')`,
      `lpad(to_hex(n::bigint), 12, '0')`,
    ),
  series: (from, to) => `generate_series(${from}::bigint, ${to}::bigint) n`,
  prepare: async trx => {
    await trx.raw('set local synchronous_commit = off');
  },
  finish: async knex => {
    await knex.raw('vacuum analyze');
    await knex.raw('checkpoint');
  },
};

const SQLITE: CloneDialect = {
  id: at => uuid(`printf('%012x', ${at})`, `printf('%012x', n)`),
  series: (from, to) =>
    `(with recursive counter(n) as (
       select ${from} union all select n + 1 from counter where n < ${to}
     ) select n from counter) c`,
  prepare: async () => {},
  finish: async knex => {
    await knex.raw('pragma wal_checkpoint(truncate)');
    // As retention does every hour.
    await RetentionStore.create(knex).maintain();
  },
};

export function isPostgres(knex: Knex): boolean {
  return knex.client.config.client === 'pg';
}
