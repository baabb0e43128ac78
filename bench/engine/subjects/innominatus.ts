import { LoggerService } from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import knexFactory, { Knex } from 'knex';
import { testStepType } from '../../../plugins/innominatus-backend/src/__testUtils__/stepTypes';
import {
  inOrder,
  testWorkflow,
} from '../../../plugins/innominatus-backend/src/__testUtils__/workflows';
import { applyMigrations } from '../../../plugins/innominatus-backend/src/database';
import {
  EmbeddedRuntime,
  RunChanges,
  Workspaces,
} from '../../../plugins/innominatus-backend/src/engine';
import {
  DatabaseRunStore,
  DefaultRunService,
  RunEnds,
} from '../../../plugins/innominatus-backend/src/runs';
import { DatabaseSecretStore } from '../../../plugins/innominatus-backend/src/secrets';
import { StepTypeRegistry } from '../../../plugins/innominatus-backend/src/stepTypes';
import { STEPS, expectCount, runSubject } from '../lib/subject.mjs';

const END_TIMEOUT_MS = 60_000;
/** In the JSON of the journal. */
const STEP_SUCCEEDED = '"type":"StepSucceeded"';

export interface SubjectOptions {
  concurrency: number;
  folder: string;
  /** Of PostgreSQL; without it SQLite is used. */
  url?: string;
}

/** The embedded engine as the plugin puts it together, with claims and leases. */
export async function createEngine({
  url,
  folder,
  concurrency,
}: SubjectOptions) {
  const knex = await connect(url, folder);
  await applyMigrations(knex);
  const logger = createLogger();
  const changes = RunChanges.create();
  const store = DatabaseRunStore.create(knex);
  const ends = RunEnds.create({ knex, store, changes, logger });
  const runs = DefaultRunService.create({
    knex,
    store,
    changes,
    ends,
    access: { filter: async () => () => {} },
    reserve: place => runtime.reserve(place),
  });
  const runtime = EmbeddedRuntime.create({
    knex,
    changes,
    logger,
    concurrency,
    secrets: DatabaseSecretStore.fromConfig({
      knex,
      logger,
      config: new ConfigReader({}),
      production: true,
    }),
    stepTypes: StepTypeRegistry.create([
      testStepType('noop', async () => {}),
      testStepType('say', async ({ log }) => {
        log.info('Has nothing to do, and says so');
      }),
      testStepType('fail', async () => {
        throw new Error('The target answered 503');
      }),
    ]),
    workspaces: Workspaces.create(join(folder, 'workspaces')),
  });
  await runtime.start();
  return { knex, runs, store, ends, changes, runtime };
}

async function createWorkflow(options: SubjectOptions) {
  const { knex, runs, changes, runtime } = await createEngine(options);
  const definition = testWorkflow(
    inOrder(
      Array.from({ length: STEPS }, (_, i) => ({
        name: `s${i}`,
        type: 'noop',
      })),
    ),
  );
  const last = await knex('workflow_runs').max({ number: 'number' }).first();
  return {
    // Waits for the notice that follows the last commit, as every engine is
    // measured up to its durable end, not up to a view of the whole run.
    one: async () => {
      const runId = randomUUID();
      const watch = changes.watch(runId, { endOnly: true });
      await runs.start({
        runId,
        definition,
        parameters: {},
        initiator: 'user:default/bench',
      });
      const signal = AbortSignal.timeout(END_TIMEOUT_MS);
      await watch.wait({ timeoutMs: END_TIMEOUT_MS, signal });
      watch.close();
    },
    verify: async (total: number) => {
      const ours = () =>
        knex('workflow_runs').where('number', '>', last?.number ?? 0);
      const [ended] = await ours()
        .where({ status: 'succeeded' })
        .count({ found: '*' });
      expectCount({ what: 'runs', found: ended.found, expected: total });
      const journal = await knex('run_events')
        .whereIn('run_id', ours().select('id'))
        .select<Array<{ event: string }>>('event');
      expectCount({
        what: 'recorded ends of steps',
        found: journal.reduce(
          (sum, { event }) => sum + event.split(STEP_SUCCEEDED).length - 1,
          0,
        ),
        expected: total * STEPS,
      });
    },
    close: async () => {
      await runtime.stop();
      await knex.destroy();
    },
  };
}

export async function connect(
  url: string | undefined,
  folder: string,
): Promise<Knex> {
  if (url) {
    return knexFactory({
      client: 'pg',
      connection: url,
      pool: { min: 0, max: 10 },
    });
  }
  const knex = knexFactory({
    client: 'better-sqlite3',
    connection: { filename: join(folder, 'innominatus.sqlite') },
    useNullAsDefault: true,
  });
  await knex.raw('pragma journal_mode = wal');
  await knex.raw('pragma synchronous = full');
  return knex;
}

/** Warnings are shown: a figure measured with retries is no figure. */
function createLogger(): LoggerService {
  const silent = () => {};
  const show = (message: string | Error) =>
    process.stderr.write(`${message}\n`);
  const logger: LoggerService = {
    debug: silent,
    info: silent,
    warn: show,
    error: show,
    child: () => logger,
  };
  return logger;
}

if (require.main === module) {
  runSubject(createWorkflow).catch(error => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  });
}
