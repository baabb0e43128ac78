import { JsonValue } from '../json';
import { InterruptAction, StepError } from './types';

/**
 * What should be in flight now. `decide` returns the same commands until an
 * event says that one was carried out, so a runtime may carry them out again.
 *
 * @public
 */
export type RunCommand =
  | {
      type: 'StartStep';
      step: string;
      attempt: number;
      /** `run/step/attempt`: idempotency key, lock owner, log stream. */
      key: string;
      /** Milliseconds the attempt may take, counted from its `StepStarted`. */
      deadlineMs: number;
      /** The attempt was started before by a worker that died. */
      resume?: InterruptAction;
    }
  | {
      type: 'CancelStep';
      step: string;
      attempt: number;
      reason: string;
      force: boolean;
    }
  | { type: 'ExpandStep'; step: string; items: JsonValue[]; keys?: string[] }
  | { type: 'SetTimer'; timer: string; at: number }
  | {
      type: 'SkipStep';
      step: string;
      reason: string;
      status: 'skipped' | 'cancelled' | 'failed';
      error?: StepError;
    }
  | {
      type: 'FinishRun';
      status: 'succeeded' | 'failed' | 'cancelled';
      outputs: Record<string, JsonValue>;
      failure?: { step?: string; error: StepError };
    };
