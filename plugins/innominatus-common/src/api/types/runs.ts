import { JsonObject, JsonValue } from '../../json';
import {
  RunStatus,
  StepError,
  StepStatus,
  WaitingReason,
} from '../../workflow/types';
import { Approval } from './approvals';
import { AllowedAction } from './common';

/**
 * Points to another run.
 *
 * @public
 */
export interface RunReference {
  id: string;
  number: number;
}

/**
 * Why a run exists that nobody asked for: to look at the health of a resource,
 * or whether it is still what is recorded.
 *
 * @public
 */
export const RunPurpose = { health: 'health', drift: 'drift' } as const;

/** @public */
export type RunPurpose = (typeof RunPurpose)[keyof typeof RunPurpose];

/** @public */
export interface RunSummary {
  id: string;
  number: number;
  workflow: string;
  goldenPath?: string;
  title?: string;
  status: RunStatus;
  waiting?: WaitingReason;
  application?: { environment: string; name: string; entityRef?: string };
  deployment?: { id: string; number: number };
  initiator: string;
  /** Why it exists when nobody asked for it. */
  purpose?: RunPurpose;
  /** -100 to 100, higher is earlier. */
  priority?: number;
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  stepsTotal: number;
  stepsDone: number;
  /** First failing step and its error. */
  failure?: { step?: string; error: StepError };
  parentRun?: { id: string; step: string };
  /** The run that this one tries again. */
  retryOf?: RunReference;
  retriedBy?: RunReference;
  /** The run whose work this one takes back. */
  undoOf?: RunReference;
  undoneBy?: RunReference;
  /** Grows with every change; cheap to compare. */
  version: number;
  allowedActions: {
    cancel: AllowedAction;
    pause: AllowedAction;
    resume: AllowedAction;
    retry: AllowedAction;
    undo: AllowedAction;
  };
}

/** @public */
export interface RunStep {
  name: string;
  title?: string;
  type: string;
  stage: number;
  dependsOn: string[];
  status: StepStatus;
  attempt: number;
  startedAt?: string;
  endedAt?: string;
  outputs: Record<string, JsonValue>;
  error?: StepError;
  skipReason?: string;
  waiting?: WaitingReason;
  /** The last question to people, with what the caller may answer. */
  approval?: Approval;
  /** Taken over from the run that is tried again, not run. */
  carried?: boolean;
  config: JsonObject;
  /** Name of the step with `forEach` for one of whose items this step is. */
  parent?: string;
  /** Runs started by this step. */
  childRuns: string[];
}

/**
 * One try of a step.
 *
 * @public
 */
export interface StepAttempt {
  attempt: number;
  status: 'running' | 'succeeded' | 'failed' | 'cancelled';
  startedAt: string;
  endedAt?: string;
  error?: StepError;
}

/** @public */
export interface Run extends RunSummary {
  parameters: Record<string, JsonValue>;
  outputs: Record<string, JsonValue>;
  steps: RunStep[];
}

/** @public */
export interface RunLogLine {
  /** Position in the log of the run; ask for more with `?after=`. */
  seq: number;
  step: string;
  attempt: number;
  time: string;
  level: 'info' | 'warn' | 'error';
  text: string;
}
