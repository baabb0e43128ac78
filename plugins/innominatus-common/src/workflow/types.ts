import { JsonValue } from '../json';
import {
  ApprovalRequest,
  StepApproval,
  WaitingApproval,
} from './approval/types';

import { CarriedSteps, RunInput, WorkflowDefinition } from './definition';

export type { RunCommand } from './commands';
export * from './definition';

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
    | 'approval'
    | 'retry'
    | 'lock'
    | 'limit'
    | 'worker'
    | 'paused'
    | 'person'
    | 'outside';
  /** One sentence. */
  message: string;
  /** Milliseconds since the epoch at which the wait ends by itself. */
  until?: number;
  /** Id of the run that holds, or is, what is waited for; the oldest, should there be several. */
  heldBy?: string;
  /** For `outside`: where to look at what is waited for. */
  link?: OutsideLink;
  /** Place in the queue; 1 is next. */
  position?: number;
  /** For `approval` and `person`: what is asked, of whom, and who answered. */
  approval?: WaitingApproval;
};

/**
 * Where people find what is done outside: a pull request, a ticket.
 *
 * @public
 */
export type OutsideLink = {
  url: string;
  title?: string;
};

/**
 * What a step waits for that happens outside, without a worker.
 *
 * @public
 */
export interface OutsideWait {
  /** One sentence for people. */
  message: string;
  link?: OutsideLink;
  /** Id of the run that is waited for, if it is one. */
  heldBy?: string;
  /**
   * The step looks again after this time, without being told to. The longer it
   * waits, the less often it looks: at most after a hundredth of the time that
   * it waits already.
   */
  lookAfterMs?: number;
  /** The step fails after this time, counted from its first wait. */
  expiresAfterMs?: number;
}

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
  /** The step has nothing to do until something happens outside. */
  | {
      type: 'StepWaits';
      at: number;
      step: string;
      attempt: number;
      wait: OutsideWait;
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
      /** `wake`: something happened outside that the step waits for. */
      kind: 'cancel' | 'approve' | 'reject' | 'pause' | 'resume' | 'wake';
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
  /** The current attempt waits, or waited, for something outside. */
  outside?: { since: number; expiresAt?: number };
  /** Something happened outside while the step was at work; it looks again. */
  woken?: boolean;
  /** When the time of the current attempt is over; work that is attached to again keeps it. */
  deadlineAt?: number;
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
