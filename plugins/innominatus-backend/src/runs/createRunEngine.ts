import { LoggerService } from '@backstage/backend-plugin-api';
import { Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import {
  StepRunner,
  WorkflowRuntimeFactory,
} from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { AccessControl } from '../access/types';
import {
  DatabaseJournal,
  EmbeddedRuntime,
  PostgresNotices,
  RunChanges,
  RunChangesOptions,
  Workspaces,
} from '../engine';
import { createDistributedHost, EMBEDDED, Runtimes } from '../runtimes';
import { DatabaseSecretStore } from '../secrets';
import { createStepRunner } from '../stepRunners';
import {
  approvalStepType,
  createHttpStepType,
  createWorkflowStepType,
  simulateStepType,
  StepTypeRegistry,
  waitStepType,
  WorkflowLookup,
} from '../stepTypes';
import { DatabaseRunStore } from './DatabaseRunStore';
import { DefaultRunService } from './DefaultRunService';
import { tieNestedRuns } from './tieNestedRuns';
import { FollowUpRuns, undoFailedRuns } from './followUps';
import { Limits } from './readLimits';
import { RunEnds } from './RunEnds';

export interface RunEngineOptions extends RunChangesOptions {
  knex: Knex;
  config: Config;
  logger: LoggerService;
  access: AccessControl;
  workflows: WorkflowLookup;
  /** The built-in step types are added to it. */
  stepTypes: StepTypeRegistry;
  /** Runtimes of modules. */
  runtimes: WorkflowRuntimeFactory[];
  limits?: Limits;
  /** Step runners of modules. */
  stepRunners?: StepRunner[];
}

/**
 * Puts together what runs need, with the built-in step types. Nothing works
 * before `start`; step types and handlers are added until then.
 */
export function createRunEngine(options: RunEngineOptions) {
  const { knex, config, logger, access, workflows, stepTypes, onRunChanged } =
    options;
  const changes = RunChanges.create({ onRunChanged });
  const journal = DatabaseJournal.create(knex);
  const secrets = DatabaseSecretStore.fromConfig({ knex, config, logger });
  const runtimes = Runtimes.fromConfig(config, {
    factories: options.runtimes,
    knex,
    changes,
    logger,
  });
  const store = DatabaseRunStore.create(knex, { runtimes });
  const ends = RunEnds.create({ knex, store, changes, logger });
  // The runtime needs the step types, and one of these needs the runs.
  let embedded: EmbeddedRuntime | undefined = undefined;
  const runs = DefaultRunService.create({
    knex,
    store,
    changes,
    ends,
    access,
    limits: options.limits,
    reserve: place =>
      runtimes.current === EMBEDDED ? embedded?.reserve(place) : undefined,
  });
  const followUps = FollowUpRuns.create({
    knex,
    store,
    journal,
    stepTypes,
    changes,
    runtimes,
    secrets,
    logger,
    limits: options.limits,
  });
  runs.onRunEnded(undoFailedRuns({ followUps, store, logger }));
  runs.onRunEnded(tieNestedRuns({ knex, runs }));
  stepTypes.add(
    simulateStepType,
    waitStepType,
    approvalStepType,
    createHttpStepType({ config }),
    createWorkflowStepType({ runs, workflows, followUps }),
  );
  const stepRunner = createStepRunner({
    config,
    logger,
    stepRunners: options.stepRunners,
  });
  const shared = {
    knex,
    stepTypes,
    stepRunner,
    secrets,
    changes,
    logger,
    journal,
    ...readEngineConfig(config),
    maxLogBytes: options.limits?.stepLogBytes,
  };
  const runtime = EmbeddedRuntime.create(shared);
  embedded = runtime;
  const notices = PostgresNotices.create({ knex, changes, logger });
  return {
    changes,
    followUps,
    runs,
    secrets,
    store,
    async start(): Promise<void> {
      notices.start();
      ends.start();
      await runtime.start();
      await runtimes.start(type => createDistributedHost({ ...shared, type }));
    },
    /** The last notices tell other replicas about the runs that are free now. */
    async stop(): Promise<void> {
      await runtimes.stop();
      await runtime.stop();
      await ends.stop();
      await notices.stop();
    },
  };
}

/** Reads `innominatus.engine`; what is absent keeps its default. */
export function readEngineConfig(config: Config) {
  const directory = config.getOptionalString('backend.workingDirectory');
  return {
    concurrency: readAmount(config, 'innominatus.engine.concurrency', '20'),
    leaseMs: readMs(config, 'innominatus.engine.leaseDuration'),
    shutdownGraceMs: readMs(config, 'innominatus.engine.shutdownGrace'),
    workspaces: directory ? Workspaces.create(directory) : undefined,
  };
}

function readAmount(
  config: Config,
  key: string,
  example: string,
): number | undefined {
  const amount = config.getOptionalNumber(key);
  if (amount !== undefined && !(Number.isInteger(amount) && amount > 0)) {
    throw new Error(
      `The value of "${key}" is ${amount}, expected a whole number above 0, for example ${example}.`,
    );
  }
  return amount;
}

function readMs(config: Config, key: string): number | undefined {
  if (!config.has(key)) {
    return undefined;
  }
  const ms = durationToMilliseconds(readDurationFromConfig(config, { key }));
  if (!(ms >= 1000)) {
    throw new Error(
      `The value of "${key}" is shorter than a second. Expected for example "10s".`,
    );
  }
  return ms;
}
