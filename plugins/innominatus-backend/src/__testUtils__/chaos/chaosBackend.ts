import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import knexFactory from 'knex';
import {
  DatabaseJournal,
  EmbeddedRuntime,
  PostgresNotices,
  RunChanges,
  Workspaces,
} from '../../engine';
import { DatabaseSecretStore } from '../../secrets';
import { StepTypeRegistry } from '../../stepTypes';
import { createRunService } from './createRunService';
import { createFaultyJournal, JournalFault } from './faultyJournal';
import { FileLedger } from './FileLedger';
import { ledgerStepTypes } from './ledgerStepTypes';
import { quietLogger } from './quietLogger';

export interface ChaosBackendOptions {
  folder: string;
  /** Options of knex. */
  database: object;
  leaseMs: number;
  fault?: JournalFault;
}

/** A process that works on runs until it is killed, or stops when it is asked. */
async function main(options: ChaosBackendOptions) {
  const { folder, fault } = options;
  const knex = knexFactory({
    ...options.database,
    useNullAsDefault: true,
    log: quietLogger,
  });
  const ledger = FileLedger.open(folder);
  const workspaces = join(folder, 'workspaces');
  mkdirSync(workspaces, { recursive: true });
  const changes = RunChanges.create({});
  const journal = DatabaseJournal.create(knex);
  const runtime = EmbeddedRuntime.create({
    knex,
    logger: quietLogger,
    changes,
    leaseMs: options.leaseMs,
    shutdownGraceMs: 100,
    stopGraceMs: 200,
    concurrency: 6,
    journal: fault ? createFaultyJournal(journal, fault, knex) : journal,
    secrets: DatabaseSecretStore.fromConfig({
      knex,
      logger: quietLogger,
      config: new ConfigReader({}),
      production: true,
    }),
    stepTypes: StepTypeRegistry.create(
      ledgerStepTypes({ knex, write: entry => ledger.write(entry) }),
    ),
    workspaces: Workspaces.create(workspaces),
  });
  const notices = PostgresNotices.create({
    knex,
    changes,
    logger: quietLogger,
  });
  notices.start();
  await runtime.start();
  const runs = createRunService({
    knex,
    changes,
    logger: quietLogger,
    runtime,
  });
  // The one that sends it sends it again if nothing comes of it.
  process.on('message', (run: Parameters<typeof runs.start>[0]) => {
    runs.start(run).catch(() => {});
  });
  process.on('SIGTERM', async () => {
    await runtime.stop();
    process.exit(0);
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
}

main(JSON.parse(process.argv[2])).catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
