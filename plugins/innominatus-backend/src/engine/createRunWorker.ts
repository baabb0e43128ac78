import { LoggerService } from '@backstage/backend-plugin-api';
import {
  InterruptAction,
  RunState,
  StepDefinition,
  isRunEnded,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepRunner } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { SecretStore } from '../secrets/types';
import {
  acknowledgeWakeUp,
  ClaimedRun,
  handOverRun,
  releaseRun,
} from './claims';
import { DatabaseArtifacts } from './DatabaseArtifacts';
import { Journal } from './Journal';
import { LogStore } from './LogStore';
import { Redactor } from './Redactor';
import { RunChanges } from './RunChanges';
import { RunLog } from './RunLog';
import { RunningSteps } from './RunningSteps';
import { RunSecrets } from './RunSecrets';
import { RunWorker } from './RunWorker';
import { pendingSignals } from './signals';
import { RunScope, StepExecutor } from './StepExecutor';
import { Workspaces } from './Workspaces';

export interface RunWorkerDependencies {
  knex: Knex;
  secrets: SecretStore;
  changes: RunChanges;
  logger: LoggerService;
  journal: Journal;
  executor: StepExecutor;
  workspaces: Workspaces;
  stepRunner: StepRunner;
  logStore: LogStore;
  now: () => number;
  interruptAction: (step: StepDefinition | undefined) => InterruptAction;
  stopGraceMs: number;
}

/** Gives a worker everything that belongs to its run. */
export function createRunWorker(
  run: ClaimedRun,
  dependencies: RunWorkerDependencies,
): RunWorker {
  const { knex, changes, logger, journal, now, interruptAction, workspaces } =
    dependencies;
  const { lease } = run;
  const { runId } = lease;
  return RunWorker.create(run, {
    journal,
    now,
    logger,
    interruptAction,
    createSteps: async ({ recorded, state, onOver }) =>
      RunningSteps.create({
        scope: await createScope({ run, state, recorded }, dependencies),
        executor: dependencies.executor,
        interruptAction,
        onOver,
        stopGraceMs: dependencies.stopGraceMs,
      }),
    pendingSignals: async () =>
      (await pendingSignals(knex, [runId])).get(runId) ?? [],
    release: wakeAt => releaseRun(knex, lease, wakeAt),
    acknowledgeWakeUp: () => acknowledgeWakeUp(knex, lease),
    handOver: async pauseMs => {
      await handOverRun(knex, lease, pauseMs);
      changes.publish({ kind: 'work' });
    },
    onWritten: (version, state) => {
      const ended = isRunEnded(state);
      changes.publish({ kind: 'run', runId, version, ended });
      // Earlier owners may have been this process before it was started again.
      if (ended && (!run.isFresh || workspaces.isOpen(runId))) {
        removeFiles(runId, dependencies);
      }
    },
  });
}

/** What the steps of a run share, or those of one attempt with a log of its own. */
export async function createScope(
  options: Pick<RunScope, 'run' | 'state'> &
    Partial<Pick<RunScope, 'artifacts' | 'runLog'>> & { recorded?: RunState },
  dependencies: Pick<
    RunWorkerDependencies,
    'knex' | 'changes' | 'logStore' | 'now' | 'secrets'
  >,
): Promise<RunScope> {
  const { run, state, recorded } = options;
  const { knex, changes, logStore, now } = dependencies;
  const { lease, input } = run;
  const redactor = Redactor.create();
  const secrets = RunSecrets.create(dependencies.secrets, redactor);
  await secrets.learnFrom([input.parameters, input.metadata]);
  if (recorded) {
    await learnFromState(secrets, recorded);
  }
  for (const carried of Object.values(run.carried?.steps ?? {})) {
    await secrets.learnFrom({ ...carried });
  }
  return {
    run,
    state,
    now,
    redactor,
    secrets,
    artifacts: options.artifacts ?? DatabaseArtifacts.create(knex, lease),
    runLog:
      options.runLog ??
      RunLog.create({
        lease,
        lastSeq: recorded ? await logStore.lastSeq(lease.runId) : 0,
        store: logStore,
        onWritten: () => changes.publish({ kind: 'log', runId: lease.runId }),
      }),
  };
}

/** Secrets of what was recorded by the owner before are redacted as well. */
async function learnFromState(
  secrets: RunSecrets,
  state: RunState,
): Promise<void> {
  await secrets.learnFrom([
    ...Object.values(state.steps).map(step => step.outputs),
    ...Object.values(state.resources),
    state.variables,
  ]);
}

export function removeFiles(
  runId: string,
  {
    workspaces,
    stepRunner,
    logger,
  }: Pick<RunWorkerDependencies, 'workspaces' | 'stepRunner' | 'logger'>,
): void {
  workspaces.remove(runId).catch(error => {
    logger.warn(
      `The workspace of run "${runId}" could not be removed: ${error.message}`,
    );
  });
  stepRunner.forget(runId).catch(error => {
    logger.warn(
      `What is kept of the programs of run "${runId}" could not be removed: ${error.message}`,
    );
  });
}
