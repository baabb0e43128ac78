import { JsonObject, JsonValue } from '../json';
import {
  ApprovalPolicy,
  ApprovalRequest,
  StepApproval,
  WaitingApproval,
} from './approval/types';

export type { RunCommand } from './commands';

/**
 * States of a run.
 *
 * @public
 */
export const RunStatus = {
  queued: 'queued',
  running: 'running',
  waiting: 'waiting',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;

/** @public */
export type RunStatus = (typeof RunStatus)[keyof typeof RunStatus];

/**
 * States of a step.
 *
 * @public
 */
export const StepStatus = {
  pending: 'pending',
  waiting: 'waiting',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  skipped: 'skipped',
  cancelled: 'cancelled',
} as const;

/** @public */
export type StepStatus = (typeof StepStatus)[keyof typeof StepStatus];

/**
 * When a step may start, seen from the steps before it.
 *
 * @public
 */
export type StepWhen = 'on_success' | 'always' | 'on_failure' | 'manual';

/**
 * How often and how fast a failed step is tried again.
 *
 * @public
 */
export interface RetryPolicy {
  /** Tries in total, the first one included. Default 1 (no retry). */
  attempts: number;
  backoff: {
    /** Milliseconds before the second try. Default 1000. */
    initialMs: number;
    /** Factor between two delays. Default 2. */
    factor: number;
    /** Longest delay in milliseconds. Default 60000. */
    maxMs: number;
    /** Share of the delay, 0 to 1, that is spread by the attempt's key. Default 0.2. */
    jitter: number;
  };
  /** Error codes that are retried. Without it only errors marked transient are. */
  on?: string[];
}

/**
 * What a step is run once for each of.
 *
 * @public
 */
export interface ForEachDefinition {
  /** A list, a map, or a text that is exactly one reference to either. */
  items: JsonValue;
  /** More items than this fail the step. */
  maxItems: number;
  /** Items in progress at the same time. Without it there is no limit of its own. */
  maxParallel?: number;
}

/**
 * The item that a step made by `forEach` is for.
 *
 * @public
 */
export interface StepItem {
  /** Name of the step that says `forEach`. */
  parent: string;
  /** Zero-based. */
  index: number;
  /** Only for the entries of a map. */
  key?: string;
  value: JsonValue;
}

/**
 * One step of a compiled workflow: names resolved, defaults filled, nothing
 * interpolated yet.
 *
 * @public
 */
export interface StepDefinition {
  name: string;
  /** Registered step type, for example `kubernetes`. */
  type: string;
  title?: string;
  /** Zero-based stage in which the step can start at the earliest; for display. */
  stage: number;
  /** Names of the steps that must have ended before this one starts. */
  dependsOn: string[];
  when: StepWhen;
  /** For steps of `when: manual` and of type `approval`: who has to say yes. */
  approval?: ApprovalPolicy;
  if?: string;
  unless?: string;
  env: Record<string, string>;
  config: JsonObject;
  setVariables: Record<string, string>;
  /** File in the workspace that is read for outputs after the step succeeded. */
  outputFile?: string;
  timeoutMs: number;
  retry: RetryPolicy;
  /** Names of outputs the author announced; for display. */
  outputs?: string[];
  /** Part of `finally`: starts when all other steps have ended, also after a cancel. */
  finally?: boolean;
  /** The step stands for one step for each item; it does nothing itself. */
  forEach?: ForEachDefinition;
  /** Names of the steps of the items, once they are known. */
  children?: string[];
  /** Keys of the items when they are the entries of a map. */
  childKeys?: string[];
  /** Set in the step of an item. */
  item?: StepItem;
  /** Only in the undo of a run: takes back what a step has done. */
  undo?: UndoneStep;
}

/**
 * What the undo of a step has to know about the step. The `config` and `env`
 * beside it are those that the step ran with; nothing in them is replaced.
 *
 * @public
 */
export interface UndoneStep {
  run: { id: string; number: number };
  status: 'succeeded' | 'failed' | 'cancelled';
  /** Idempotency keys of its attempts, the first one first. */
  keys: string[];
  /** Empty unless it succeeded. */
  outputs: Record<string, JsonValue>;
}

/**
 * A workflow ready to run. It is stored with the run, so that a run never
 * sees a newer file.
 *
 * @public
 */
export interface WorkflowDefinition {
  name: string;
  version?: string;
  variables: Record<string, JsonValue>;
  steps: StepDefinition[];
  /** Output name to template, interpolated when the run ended well. */
  outputs: Record<string, string>;
  /** Time spent waiting for a person does not count. */
  timeoutMs: number;
  /** Steps that may run at the same time. Without it there is no limit inside a run. */
  maxParallel?: number;
  /** -100 to 100, higher is earlier. Default 0. */
  priority?: number;
  /** Runs of the same group that may be in progress at the same time. */
  concurrency?: WorkflowConcurrency;
  /** What happens by itself after a run that failed. */
  onFailure?: 'undo';
}

/**
 * A lock (limit 1) or a limit that runs share.
 *
 * @public
 */
export interface WorkflowConcurrency {
  /** Name of the group, with references; filled when a run is started. */
  group: string;
  limit: number;
}

/**
 * What a retried run takes over from the run before it.
 *
 * @public
 */
export interface CarriedSteps {
  /** What the steps left behind that are not run again, each after those it depends on. */
  steps: Record<string, StepYield>;
}

/**
 * What a step leaves behind for those after it.
 *
 * @public
 */
export interface StepYield {
  outputs: Record<string, JsonValue>;
  /** Interpolated `setVariables`. */
  variables?: Record<string, JsonValue>;
  /** Outputs of resources by the name of the resource. */
  resources?: Record<string, Record<string, JsonValue>>;
}

/**
 * What a run is started with. Everything in it is plain data; secrets are
 * references.
 *
 * @public
 */
export interface RunInput {
  parameters: Record<string, JsonValue>;
  /** Score metadata of the workload, reachable as `${metadata.K}`. */
  metadata: JsonObject;
  environment?: { name: string; type: string; [key: string]: JsonValue };
  app?: { name: string };
  run: { id: string; number: number };
  /** Entity ref of the user, or the subject of the service, that started the run. */
  initiator?: string;
}

/**
 * Why a step or run failed.
 *
 * @public
 */
export interface StepError {
  /** Stable code, `SCREAMING_SNAKE`. */
  code: string;
  message: string;
  /** The same call may succeed later. */
  transient: boolean;
}

/**
 * Why something waits, for people and for programs.
 *
 * @public
 */
export type WaitingReason = {
  kind:
    'approval' | 'retry' | 'lock' | 'limit' | 'worker' | 'paused' | 'person';
  /** One sentence. */
  message: string;
  /** Milliseconds since the epoch at which the wait ends by itself. */
  until?: number;
  /** Id of the run that holds what is waited for; the oldest, should there be several. */
  heldBy?: string;
  /** Place in the queue; 1 is next. */
  position?: number;
  /** For `approval` and `person`: what is asked, of whom, and who answered. */
  approval?: WaitingApproval;
};

/**
 * Everything that can happen to a run, in the order in which it was recorded.
 * `at` is milliseconds since the epoch on the clock of the database.
 *
 * @public
 */
export type RunEvent =
  | {
      type: 'RunStarted';
      at: number;
      definition: WorkflowDefinition;
      input: RunInput;
      /** Only for the retry of an ended run. */
      carried?: CarriedSteps;
    }
  | { type: 'StepStarted'; at: number; step: string; attempt: number }
  /** A step with `forEach` is ready and its items are known. */
  | {
      type: 'StepExpanded';
      at: number;
      step: string;
      items: JsonValue[];
      /** Keys of the items when they are the entries of a map. */
      keys?: string[];
    }
  | {
      type: 'StepSucceeded';
      at: number;
      step: string;
      attempt: number;
      outputs: Record<string, JsonValue>;
      /** Outputs by resource name, from steps that provision. */
      resources?: Record<string, Record<string, JsonValue>>;
      /** Already interpolated `setVariables`. */
      variables?: Record<string, JsonValue>;
    }
  | {
      type: 'StepFailed';
      at: number;
      step: string;
      attempt: number;
      error: StepError;
    }
  /** The worker died in the middle; `action` is what the step type declares. */
  | {
      type: 'StepLost';
      at: number;
      step: string;
      attempt: number;
      action: InterruptAction;
      /** The worker shut down in good order, so the step is not to blame. */
      handedOver?: true;
    }
  | {
      type: 'StepSkipped';
      at: number;
      step: string;
      status: 'skipped' | 'cancelled' | 'failed';
      reason: string;
      error?: StepError;
    }
  | { type: 'TimerFired'; at: number; timer: string }
  | {
      type: 'RunFinished';
      at: number;
      status: 'succeeded' | 'failed' | 'cancelled';
      outputs: Record<string, JsonValue>;
      failure?: { step?: string; error: StepError };
    }
  | {
      type: 'Signal';
      at: number;
      id: string;
      kind: 'cancel' | 'approve' | 'reject' | 'pause' | 'resume';
      step?: string;
      by: string;
      reason?: string;
      /** Id of the approval that is answered; without it the one that is asked for now. */
      approval?: string;
    };

/**
 * What happens to a step that ran while its worker died: attach to the work
 * again, run it again under the same key, or hold it for a person.
 *
 * @public
 */
export type InterruptAction = 'resume' | 'rerun' | 'hold';

/** @public */
export interface StepState {
  name: string;
  status: StepStatus;
  /** Number of the current or last attempt; 0 before the first. */
  attempt: number;
  startedAt?: number;
  endedAt?: number;
  outputs: Record<string, JsonValue>;
  /** What its `setVariables` gave. */
  variables?: Record<string, JsonValue>;
  /** Outputs of the resources it provisioned. */
  resources?: Record<string, Record<string, JsonValue>>;
  error?: StepError;
  /** One sentence on why the step was skipped. */
  skipReason?: string;
  waiting?: WaitingReason;
  /** Set when the current attempt has to be carried on after a lost worker. */
  interrupted?: InterruptAction;
  /** The last question to people, also after it was answered. */
  approval?: ApprovalRequest;
  /** Set once the approval that the step needs was given. */
  approved?: StepApproval;
  /** How often a worker died during the current attempt, not counting attempts that are only attached to again, nor shutdowns. */
  losses?: number;
  /** The running attempt was told to stop because its time was over. */
  timedOut?: { at: number; force: boolean };
  /** Something this step depends on, directly or not, failed or was cancelled. */
  afterFailure?: boolean;
  /** Taken over from an earlier run, not run again. */
  carried?: boolean;
  /** Running by the steps of its items only; no attempt of its own is in progress. */
  expanded?: boolean;
}

/**
 * The state of a run, built from its events alone.
 *
 * @public
 */
export interface RunState {
  status: RunStatus;
  definition: WorkflowDefinition;
  input: RunInput;
  steps: Record<string, StepState>;
  /** `setVariables` of the steps that succeeded so far. */
  variables: Record<string, JsonValue>;
  resources: Record<string, Record<string, JsonValue>>;
  startedAt: number;
  endedAt?: number;
  /** Who asked to cancel; counts how often, the second time forces. */
  cancel?: { by: string; at: number; count: number; reason?: string };
  paused?: { by: string; at: number };
  /** Timers that were set and did not fire yet: name to time. */
  timers: Record<string, number>;
  /** First failing step and its error. */
  failure?: { step?: string; error: StepError };
  outputs: Record<string, JsonValue>;
  waiting?: WaitingReason;
  /** The workflow's time is over: running steps are stopped, only `finally` starts. */
  timedOut?: { at: number };
  /** Milliseconds left of the workflow's time while the run waits for a person. */
  remainingMs?: number;
  /** Ids of the signals that were taken in, so that each counts once. */
  signals: Record<string, true>;
}
