import {
  JsonValue,
  RunEvent,
  RunStatus,
  StepError,
  StepStatus,
  WaitingReason,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepType } from '@innominatus/backstage-plugin-innominatus-node';

/**
 * What a scenario starts, for anybody but `user:default/joe`, who answers what
 * runs ask.
 *
 * @public
 */
export interface RuntimeTestRun {
  /** The same id again must answer the run that exists. */
  runId?: string;
  definition: WorkflowDefinition;
  parameters: Record<string, JsonValue>;
  /** Of a nested run: the step that starts it and waits for its end. */
  parentRun?: { id: string; step: string };
}

/**
 * What a person asks of a run. A run that has ended ignores it.
 *
 * @public
 */
export interface RuntimeTestSignal {
  /** Counts once, however often it is sent. */
  id: string;
  kind: Extract<RunEvent, { type: 'Signal' }>['kind'];
  by: string;
  step?: string;
  reason?: string;
}

/**
 * What people and programs see of a run. The answer of the API fits.
 *
 * @public
 */
export interface RuntimeRunView {
  status: RunStatus;
  waiting?: WaitingReason;
  outputs: Record<string, JsonValue>;
  failure?: { step?: string; error: StepError };
  steps: Array<{
    name: string;
    status: StepStatus;
    attempt: number;
    outputs: Record<string, JsonValue>;
    error?: StepError;
    skipReason?: string;
    waiting?: WaitingReason;
  }>;
}

/**
 * A runtime under test, with everything that it needs to work on runs.
 *
 * @remarks
 * The steps of the scenarios run inside of the process of the test, on every
 * worker that the harness starts.
 *
 * @public
 */
export interface RuntimeTestHarness {
  start(run: RuntimeTestRun): Promise<{ id: string }>;
  signal(runId: string, signal: RuntimeTestSignal): Promise<void>;
  /** Read as users read it, not from the memory of a worker. */
  view(runId: string): Promise<RuntimeRunView>;
  /** All recorded events of the run in their order. */
  events(runId: string): Promise<RunEvent[]>;
  /**
   * Feature `crash`. All workers vanish as with `kill -9`: nothing is cleaned
   * up, and what their steps answer later goes nowhere. Others take their
   * place.
   */
  killWorkers?(): Promise<void>;
  /**
   * Feature `stall`. All workers stand still until others have taken over the
   * runs; `resume` lets the old ones go on beside them.
   */
  stallWorkers?(): Promise<{ resume(): Promise<void> }>;
  /** Feature `shutdown`. All workers stop in good order, others take their place. */
  stopWorkers?(): Promise<void>;
  /**
   * Feature `outage`. What the runtime keeps its runs in goes away for a moment
   * while the workers live on.
   */
  restartServer?(): Promise<void>;
  close(): Promise<void>;
}

/**
 * What not every runtime can show in a test.
 *
 * `secrets`: outputs marked sensitive are kept apart. `workspace`: steps have a
 * folder, and output files are read from it.
 *
 * @public
 */
export type RuntimeFeature =
  'crash' | 'stall' | 'shutdown' | 'outage' | 'secrets' | 'workspace';

/**
 * Makes a fresh harness for one scenario. The step types have to be known to
 * every worker.
 *
 * @public
 */
export type CreateRuntimeTestHarness = (options: {
  stepTypes: StepType[];
}) => Promise<RuntimeTestHarness>;
