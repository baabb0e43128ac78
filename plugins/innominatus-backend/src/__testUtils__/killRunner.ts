import { LoggerService } from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import { createRestateRuntimeFactory } from '@innominatus/backstage-plugin-innominatus-backend-module-restate';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import knexFactory, { Knex } from 'knex';
import { applyMigrations } from '../database';
import {
  DatabaseJournal,
  EmbeddedRuntime,
  RunChanges,
  Workspaces,
} from '../engine';
import { DatabaseRunStore, DefaultRunService, RunEnds } from '../runs';
import { createDistributedHost, Runtimes } from '../runtimes';
import { DatabaseSecretStore } from '../secrets';
import { StepTypeRegistry } from '../stepTypes';
import { testStepType } from './stepTypes';
import { inOrder, testWorkflow } from './workflows';

/**
 * A process of its own that works on runs in a SQLite file until all have
 * ended, and then prints their states. Meant to be killed and started again.
 */
async function main(
  folder: string,
  count: number,
  steps: number,
  /** Address and port for the runtime `restate`, instead of the embedded one. */
  restate?: JsonObject,
) {
  const knex = knexFactory({
    client: 'better-sqlite3',
    connection: { filename: join(folder, 'runs.sqlite') },
    useNullAsDefault: true,
  });
  await applyMigrations(knex);
  const logger = createSilentLogger();
  const changes = RunChanges.create();
  const config = new ConfigReader({
    innominatus: { engine: restate ? { type: 'restate', restate } : {} },
  });
  const runtimes = Runtimes.fromConfig(config, {
    knex,
    changes,
    logger,
    factories: [createRestateRuntimeFactory({ config })],
  });
  const store = DatabaseRunStore.create(knex, { runtimes });
  const ends = RunEnds.create({ knex, store, changes, logger });
  let embedded: EmbeddedRuntime | undefined = undefined;
  const runs = DefaultRunService.create({
    knex,
    store,
    changes,
    ends,
    access: { filter: async () => () => {} },
    reserve: place => (restate ? undefined : embedded?.reserve(place)),
  });
  const options = {
    knex,
    changes,
    logger,
    leaseMs: 1000,
    secrets: DatabaseSecretStore.fromConfig({
      knex,
      logger,
      config: new ConfigReader({}),
      production: true,
    }),
    stepTypes: StepTypeRegistry.create([createLedgerStepType(knex, folder)]),
    workspaces: Workspaces.create(join(folder, 'workspaces')),
  };
  const runtime = EmbeddedRuntime.create(options);
  embedded = runtime;
  await runtime.start();
  await runtimes.start(type => createDistributedHost({ ...options, type }));
  const definition = testWorkflow(
    inOrder(
      Array.from({ length: steps }, (_, i) => ({
        name: `s${i}`,
        type: 'ledger',
      })),
    ),
  );
  const ids = Array.from(
    { length: count },
    (_, i) => `00000000-0000-8000-8000-00000000000${i}`,
  );
  for (const runId of ids) {
    await runs.start({ runId, definition, parameters: {}, initiator: 'test' });
  }
  const signal = AbortSignal.timeout(60_000);
  const ended = await Promise.all(
    ids.map(id => runs.waitForEnd({ id, signal })),
  );
  process.stdout.write(JSON.stringify(ended.map(run => run.status)));
  await runtimes.stop();
  await runtime.stop();
  await knex.destroy();
}

/** Writes what it does to a file, which no database transaction can undo. */
function createLedgerStepType(knex: Knex, folder: string) {
  const write = (line: string) =>
    appendFileSync(join(folder, 'ledger'), `${line}\n`);
  return testStepType('ledger', async ({ idempotencyKey, run, step }) => {
    const events = await DatabaseJournal.create(knex).read(run.id);
    const recorded = events.filter(
      event => event.type === 'StepSucceeded' && event.step === step.name,
    );
    write(`${recorded.length > 0 ? 'again' : 'begin'} ${idempotencyKey}`);
    await new Promise(resolve => setTimeout(resolve, 20));
    write(`end ${idempotencyKey}`);
  });
}

function createSilentLogger(): LoggerService {
  const silent = () => {};
  const logger: LoggerService = {
    debug: silent,
    info: silent,
    warn: silent,
    error: silent,
    child: () => logger,
  };
  return logger;
}

const [folder, count, steps, restate] = process.argv.slice(2);
main(
  folder,
  Number(count),
  Number(steps),
  restate === undefined ? undefined : JSON.parse(restate),
).catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
