import { ConfigReader } from '@backstage/config';
import { DatabaseClock } from '../database';
import { DatabaseJournal, EmbeddedRuntimeOptions, Workspaces } from '../engine';
import { StepExecutor } from '../engine/StepExecutor';
import { createStepRunner } from '../stepRunners';
import { ClaimedSteps } from './ClaimedSteps';
import { DistributedHost } from './DistributedHost';
import { RunRecords } from './RunRecords';

/** The same as for the embedded runtime; how much runs at once is not ours to say. */
export type DistributedHostDependencies = Omit<
  EmbeddedRuntimeOptions,
  'concurrency'
> & { type: string };

/** Puts together what a runtime gets, ready to carry out steps. */
export async function createDistributedHost(
  options: DistributedHostDependencies,
): Promise<DistributedHost> {
  const { changes, knex, logger, secrets, stepTypes, type } = options;
  const workspaces = options.workspaces ?? Workspaces.create();
  const shutdownGraceMs = options.shutdownGraceMs ?? 20_000;
  const stepRunner =
    options.stepRunner ??
    createStepRunner({ config: new ConfigReader({}), logger });
  const clock = DatabaseClock.create(knex);
  const journal = options.journal ?? DatabaseJournal.create(knex);
  const records = RunRecords.create(journal);
  const steps = ClaimedSteps.create({
    changes,
    clock,
    knex,
    logger,
    records,
    secrets,
    executor: StepExecutor.create({
      stepTypes,
      stepRunner,
      workspaces,
      logger,
      maxLogBytes: options.maxLogBytes ?? 10 * 1024 * 1024,
      shutdownGraceMs,
    }),
    interruptAction: step =>
      step && !step.undo
        ? (stepTypes.get(step.type)?.onInterrupt ?? 'rerun')
        : 'rerun',
    leaseMs: options.leaseMs ?? 10_000,
    shutdownGraceMs,
    stopGraceMs: options.stopGraceMs ?? 10_000,
  });
  await steps.start();
  return DistributedHost.create({
    type,
    knex,
    changes,
    logger,
    records,
    steps,
    stepRunner,
    workspaces,
    journal,
    now: () => clock.now(),
  });
}
