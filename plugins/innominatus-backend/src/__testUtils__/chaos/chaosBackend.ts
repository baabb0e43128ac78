import { mkdirSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { LoggerService } from '@backstage/backend-plugin-api';
import knexFactory, { Knex } from 'knex';
import {
  DatabaseJournal,
  EmbeddedRuntime,
  RunChanges,
  Workspaces,
} from '../../engine';
import { DatabaseSecretStore } from '../../secrets';
import { StepTypeRegistry } from '../../stepTypes';
import { testStepType } from '../stepTypes';
import { CHAOS_STEP_TYPES } from './randomRuns';

/** A process that works on runs until it is killed. */
async function main(folder: string, connection: string) {
  const knex = knexFactory({
    ...JSON.parse(connection),
    useNullAsDefault: true,
  });
  const silent = () => {};
  const logger: LoggerService = {
    debug: silent,
    info: silent,
    warn: silent,
    error: silent,
    child: () => logger,
  };
  const workspaces = join(folder, 'workspaces');
  mkdirSync(workspaces, { recursive: true });
  const runtime = EmbeddedRuntime.create({
    knex,
    logger,
    leaseMs: 1000,
    concurrency: 4,
    changes: RunChanges.create({}),
    secrets: DatabaseSecretStore.fromConfig({
      knex,
      logger,
      config: new ConfigReader({}),
      production: true,
    }),
    stepTypes: StepTypeRegistry.create(
      CHAOS_STEP_TYPES.map(type => createLedgerStepType(type, knex, folder)),
    ),
    workspaces: Workspaces.create(workspaces),
  });
  await runtime.start();
}

/** Writes what it does to a file, which no database transaction can undo. */
function createLedgerStepType(
  onInterrupt: (typeof CHAOS_STEP_TYPES)[number],
  knex: Knex,
  folder: string,
) {
  const write = (line: string) =>
    appendFileSync(join(folder, 'ledger'), `${line}\n`);
  return testStepType(
    onInterrupt,
    async ({ idempotencyKey, resumed, run, step, config }) => {
      const events = await DatabaseJournal.create(knex).read(run.id);
      const recorded = events.filter(
        event => event.type === 'StepSucceeded' && event.step === step.name,
      );
      const how = resumed ? 'resume' : 'run';
      write(`${recorded.length > 0 ? 'again' : how} ${idempotencyKey}`);
      await new Promise(resolve => setTimeout(resolve, Number(config.ms)));
      write(`end ${idempotencyKey}`);
    },
    { onInterrupt },
  );
}

const [folder, connection] = process.argv.slice(2);
main(folder, connection).catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
