import { RunState, StepError, StepState } from '../types';
import { indexOf } from './definitionIndex';

/** Replaces some fields of one step. */
export function changeStep(
  state: RunState,
  name: string,
  patch: Partial<StepState>,
): RunState {
  return {
    ...state,
    steps: { ...state.steps, [name]: { ...state.steps[name], ...patch } },
  };
}

export function withTimer(
  state: RunState,
  timer: string,
  at: number,
): RunState {
  return { ...state, timers: { ...state.timers, [timer]: at } };
}

export function withoutTimers(
  state: RunState,
  belongs: (timer: string) => boolean,
): RunState {
  const kept = Object.entries(state.timers).filter(
    ([timer]) => !belongs(timer),
  );
  return kept.length === Object.keys(state.timers).length
    ? state
    : { ...state, timers: Object.fromEntries(kept) };
}

export function withoutStepTimers(state: RunState, step: string): RunState {
  return withoutTimers(state, timer => timer.split('/')[1] === step);
}

export interface EndStepOptions {
  name: string;
  at: number;
  status: 'succeeded' | 'failed' | 'skipped' | 'cancelled';
  error?: StepError;
  skipReason?: string;
  outputs?: StepState['outputs'];
}

/** Brings a step to its end and remembers the first failure of the run. */
export function endStep(state: RunState, options: EndStepOptions): RunState {
  const { name, at, status, error } = options;
  const next = changeStep(withoutStepTimers(state, name), name, {
    status,
    endedAt: at,
    error,
    skipReason: options.skipReason,
    outputs: options.outputs ?? {},
    waiting: undefined,
    interrupted: undefined,
    timedOut: undefined,
    afterFailure: followsFailure(state.steps, state, name) || undefined,
  });
  return status === 'failed' && error && !next.failure
    ? { ...next, failure: { step: name, error } }
    : next;
}

export function followsFailure(
  steps: Record<string, StepState>,
  state: RunState,
  name: string,
): boolean {
  const dependsOn = indexOf(state.definition).byName.get(name)?.dependsOn ?? [];
  return dependsOn.some(
    dependency =>
      steps[dependency].status === 'failed' ||
      steps[dependency].status === 'cancelled' ||
      steps[dependency].afterFailure,
  );
}
