import { mockServices } from '@backstage/backend-test-utils';
import {
  Run,
  RunEvent,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepType,
  WorkflowRuntime,
  WorkflowRuntimeHost,
} from '@innominatus/backstage-plugin-innominatus-node';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Knex } from 'knex';
import {
  DatabaseJournal,
  EmbeddedRuntime,
  EmbeddedRuntimeOptions,
  Journal,
  PostgresNotices,
  RunChanges,
  Workspaces,
} from '../engine';
import {
  DatabaseRunStore,
  DefaultRunService,
  FollowUpRuns,
  RunEnds,
  StartRunOptions,
  undoFailedRuns,
} from '../runs';
import { tieNestedRuns } from '../runs/tieNestedRuns';
import { RunLimits } from '../runs/runGroups';
import { IdempotentRequests } from '../http';
import { createDistributedHost, Runtimes } from '../runtimes';
import { DatabaseSecretStore } from '../secrets';
import {
  approvalStepType,
  simulateStepType,
  StepTypeRegistry,
  waitStepType,
} from '../stepTypes';

const END_TIMEOUT_MS = 25_000;

export interface TestEngineOptions extends Partial<
  Pick<
    EmbeddedRuntimeOptions,
    | 'concurrency'
    | 'leaseMs'
    | 'maxLogBytes'
    | 'shutdownGraceMs'
    | 'stepRunner'
    | 'stopGraceMs'
  >
> {
  knex: Knex;
  /** For the runtime only, so that it can be cut off. */
  runtimeKnex?: Knex;
  /** Wraps the journal of the runtime. */
  journal?: (journal: Journal) => Journal;
  stepTypes?: StepType[];
  limits?: RunLimits;
  /** Instead of the embedded runtime, over a host as modules get it. */
  createRuntime?: (host: WorkflowRuntimeHost) => Promise<WorkflowRuntime>;
  onRunChanged?: (change: { runId: string; version: number }) => void;
}

/** Everything that runs need, the way the plugin puts it together. */
export async function createTestEngine(options: TestEngineOptions) {
  const { knex, runtimeKnex = knex } = options;
  const logger = mockServices.logger.mock();
  logger.child.mockReturnValue(logger);
  const changes = RunChanges.create({ onRunChanged: options.onRunChanged });
  const stepTypes = StepTypeRegistry.create([
    simulateStepType,
    waitStepType,
    approvalStepType,
    ...(options.stepTypes ?? []),
  ]);
  const secrets = DatabaseSecretStore.fromConfig({
    knex,
    logger,
    config: mockServices.rootConfig({
      data: {
        innominatus: {
          encryption: {
            keys: [
              { id: 'k1', secret: 'a secret for tests, long enough to be one' },
            ],
          },
        },
      },
    }),
  });
  const root = await mkdtemp(join(tmpdir(), 'innominatus-test-'));
  const shared = {
    leaseMs: 1500,
    shutdownGraceMs: 500,
    stopGraceMs: 300,
    ...options,
    journal: options.journal?.(DatabaseJournal.create(runtimeKnex)),
    knex: runtimeKnex,
    stepTypes,
    secrets,
    changes,
    logger,
    workspaces: Workspaces.create(root),
  };
  const { createRuntime } = options;
  const runtimes = Runtimes.fromConfig(
    mockServices.rootConfig({
      data: { innominatus: { engine: createRuntime ? { type: 'test' } : {} } },
    }),
    {
      knex: runtimeKnex,
      changes,
      logger,
      submitAgainMs: 1000,
      factories: createRuntime ? [{ type: 'test', create: createRuntime }] : [],
    },
  );
  const embedded = EmbeddedRuntime.create(shared);
  const runtime = createRuntime
    ? {
        start: async () => {
          await embedded.start();
          await runtimes.start(type =>
            createDistributedHost({ ...shared, type }),
          );
        },
        stop: async () => {
          await runtimes.stop();
          await embedded.stop();
        },
      }
    : embedded;
  const store = DatabaseRunStore.create(knex, { runtimes });
  const ends = RunEnds.create({ knex, store, changes, logger });
  const runs = DefaultRunService.create({
    knex,
    store,
    changes,
    ends,
    access: { filter: async () => () => {} },
    limits: options.limits,
    reserve: place => (createRuntime ? undefined : embedded.reserve(place)),
  });
  const followUps = FollowUpRuns.create({
    knex,
    store,
    journal: DatabaseJournal.create(knex),
    stepTypes,
    changes,
    runtimes,
    secrets,
    logger,
    limits: options.limits,
  });
  runs.onRunEnded(undoFailedRuns({ followUps, store, logger }));
  runs.onRunEnded(tieNestedRuns({ knex, runs }));
  const notices = PostgresNotices.create({ knex, changes, logger });
  return {
    changes,
    ends,
    followUps,
    idempotency: IdempotentRequests.create(knex),
    logger,
    notices,
    runs,
    runtime,
    secrets,
    stepTypes,
    store,
    start: (
      start: Partial<StartRunOptions> & Pick<StartRunOptions, 'definition'>,
    ) =>
      runs.start({ initiator: 'user:default/jane', parameters: {}, ...start }),
    waitForEnd: (id: string): Promise<Run> =>
      runs.waitForEnd({ id, signal: AbortSignal.timeout(END_TIMEOUT_MS) }),
    events: (id: string): Promise<RunEvent[]> =>
      DatabaseJournal.create(knex).read(id),
  };
}

export type TestEngine = Awaited<ReturnType<typeof createTestEngine>>;

/** Resolves when the condition holds; rejects when it takes too long. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number = 10_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) {
      throw new Error(`The condition did not hold within ${timeoutMs} ms`);
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
