import knexFactory, { Knex } from 'knex';
import { createRunService } from '../../plugins/innominatus-backend/src/__testUtils__/chaos/createRunService';
import { quietLogger } from '../../plugins/innominatus-backend/src/__testUtils__/chaos/quietLogger';
import { testWorkflow } from '../../plugins/innominatus-backend/src/__testUtils__/workflows';
import { applyMigrations } from '../../plugins/innominatus-backend/src/database';
import {
  DatabaseLogStore,
  RunChanges,
} from '../../plugins/innominatus-backend/src/engine';
import { RetentionStore } from '../../plugins/innominatus-backend/src/retention/RetentionStore';

const STEPS = 500;
const BATCH = 500;
const ROUNDS = 20;
const ID = '00000000-0000-4000-8000-000000000001';

interface LongRunOptions {
  lines: number;
  url?: string;
  file?: string;
}

async function main({ lines, url, file }: LongRunOptions): Promise<void> {
  const knex = knexFactory({
    client: url ? 'pg' : 'better-sqlite3',
    connection: url ?? { filename: file! },
    useNullAsDefault: true,
  });
  await applyMigrations(knex);
  if (file) {
    await knex.raw('pragma journal_mode = wal');
  }
  const runs = createRunService({
    knex,
    changes: RunChanges.create({}),
    logger: quietLogger,
  });
  await runs.start({
    runId: ID,
    initiator: 'user:default/jane',
    parameters: {},
    definition: testWorkflow(
      Array.from({ length: STEPS }, (_, i) => ({
        name: `s${i}`,
        type: 'simulate',
        config: { messages: ['something to say'] },
        dependsOn: i === 0 ? [] : [`s${i - 1}`],
      })),
    ),
  });
  print(
    `A run with ${STEPS} steps and ${lines} lines of log on ${url ? 'PostgreSQL' : 'SQLite'}`,
  );
  const written = await timed(() => write(knex, lines));
  print(
    `  write            ${(lines / written).toFixed(0)} lines/ms, ${await size(knex)} rows`,
  );
  const log = (options: object) => () =>
    runs.logs({ id: ID, limit: 1000, ...options });
  await show('first page', log({}));
  await show('page in the middle', log({ after: Math.floor(lines / 2) }));
  await show('last page', log({ after: lines - 500 }));
  await show('page of one step', log({ step: `s${STEPS / 2}` }));
  await show('search, found late', log({ search: `needle ${lines - 1}` }), 5);
  await show('search, not there', log({ search: 'no such words' }), 5);
  await show('details of the run', () => runs.get(ID));
  const deleted = await timed(() => RetentionStore.create(knex).deleteLogs(ID));
  print(`  delete the log   ${deleted.toFixed(0)} ms`);
  await knex.destroy();
}

/** Eight steps at a time, as parallel steps write. */
async function write(knex: Knex, lines: number): Promise<void> {
  const fencingToken = 1;
  await knex('workflow_runs')
    .where({ id: ID })
    .update({ lease_owner: 'bench', fencing_token: fencingToken });
  const store = DatabaseLogStore.create(knex);
  const lease = { runId: ID, owner: 'bench', fencingToken };
  for (let seq = 0; seq < lines; seq += BATCH) {
    const group = Math.floor((seq / lines) * (STEPS / 8)) * 8;
    await store.append({
      lease,
      afterSeq: seq,
      lines: Array.from({ length: Math.min(BATCH, lines - seq) }, (_, i) => ({
        step: `s${Math.min(STEPS - 1, group + (i % 8))}`,
        attempt: 1,
        at: 1_764_000_000_000 + seq + i,
        level: 'info' as const,
        text: `module.database[${i % 40}].aws_db_instance.this: Still creating... [${seq + i}s elapsed]${(seq + i) % 1000 === 999 ? ` needle ${seq + i}` : ''}`,
      })),
    });
  }
}

async function size(knex: Knex): Promise<number> {
  const [row] = await knex('log_chunks').count({ count: '*' });
  return Number(row.count);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function show(
  name: string,
  work: () => Promise<unknown>,
  rounds: number = ROUNDS,
): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    times.push(await timed(work));
  }
  times.sort((left, right) => left - right);
  const median = times[Math.floor(times.length / 2)];
  const worst = times[times.length - 1];
  print(
    `  ${name.padEnd(20)} ${median.toFixed(1)} ms, at worst ${worst.toFixed(1)} ms`,
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main(JSON.parse(process.argv[2])).catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
