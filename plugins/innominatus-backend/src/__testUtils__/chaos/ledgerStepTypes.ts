import {
  StepFailure,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { randomUUID } from 'node:crypto';
import { Knex } from 'knex';
import { DatabaseJournal } from '../../engine';
import { testStepType } from '../stepTypes';
import { LedgerEntry } from './FileLedger';
import { CHAOS_STEP_TYPES, ChaosStepConfig } from './randomRuns';

/**
 * Steps that write down what they do. They do not look at their signal, as a
 * program would that nobody can stop.
 */
export function ledgerStepTypes(options: {
  knex: Knex;
  write: (entry: Omit<LedgerEntry, 'at'>) => void;
}): StepType[] {
  const { knex, write } = options;
  return CHAOS_STEP_TYPES.map(onInterrupt =>
    testStepType(
      onInterrupt,
      async context => {
        const { run, step, resumed, fencingToken: token } = context;
        const config = context.config as ChaosStepConfig;
        const entry = {
          run: run.id,
          step: step.name,
          attempt: step.attempt,
          token,
          how: resumed ? ('resume' as const) : ('run' as const),
          again: await hasEnded(knex, run.id, step),
          nonce: randomUUID(),
        };
        write({ kind: 'begin', ...entry });
        await new Promise(resolve => setTimeout(resolve, config.ms));
        write({ kind: 'end', ...entry });
        if (step.attempt <= (config.failures ?? 0)) {
          throw new StepFailure(`Failure ${step.attempt} (${entry.nonce})`, {
            code: 'BROKEN',
            transient: config.transient === true,
          });
        }
        return { outputs: { nonce: entry.nonce } };
      },
      { onInterrupt },
    ),
  );
}

async function hasEnded(
  knex: Knex,
  runId: string,
  step: { name: string; attempt: number },
): Promise<boolean> {
  const events = await DatabaseJournal.create(knex).read(runId);
  return events.some(
    event =>
      (event.type === 'StepSucceeded' || event.type === 'StepFailed') &&
      event.step === step.name &&
      event.attempt === step.attempt,
  );
}
