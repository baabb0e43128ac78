import { RunEvent, RunState, StepState } from '../types';
import { changeStep, endStep } from './change';

type Signal = Extract<RunEvent, { type: 'Signal' }>;

/** Takes in what a person or program asked for; the same id counts once. */
export function takeSignal(state: RunState, signal: Signal): RunState {
  if (Object.hasOwn(state.signals, signal.id)) {
    return state;
  }
  const next = apply(state, signal);
  return next === state
    ? state
    : { ...next, signals: { ...next.signals, [signal.id]: true } };
}

function apply(state: RunState, signal: Signal): RunState {
  const { by, at, reason } = signal;
  switch (signal.kind) {
    case 'cancel':
      return {
        ...state,
        paused: undefined,
        cancel: state.cancel
          ? { ...state.cancel, count: state.cancel.count + 1 }
          : { by, at, count: 1, reason },
      };
    case 'pause':
      return state.paused || state.cancel || state.timedOut
        ? state
        : { ...state, paused: { by, at } };
    case 'resume':
      return state.paused ? { ...state, paused: undefined } : state;
    case 'approve': {
      const step = askedStep(state, signal);
      if (step === undefined) {
        return state;
      }
      return step.interrupted
        ? changeStep(state, step.name, {
            waiting: {
              kind: 'worker',
              message: `${by} approved to run step "${step.name}" again.`,
            },
            interrupted: 'rerun',
            losses: undefined,
          })
        : changeStep(state, step.name, {
            status: 'pending',
            approvedBy: by,
            waiting: undefined,
          });
    }
    default: {
      const step = askedStep(state, signal);
      if (step === undefined) {
        return state;
      }
      const why = reason ? `: ${reason}` : '';
      return endStep(state, {
        name: step.name,
        at,
        status: 'failed',
        error: {
          code: 'APPROVAL_REJECTED',
          message: `${by} rejected step "${step.name}"${why}.`,
          transient: false,
        },
      });
    }
  }
}

/** Without a name the answer is for the one step that waits for a person. */
function askedStep(state: RunState, signal: Signal): StepState | undefined {
  if (signal.step !== undefined) {
    const step = Object.hasOwn(state.steps, signal.step)
      ? state.steps[signal.step]
      : undefined;
    return step && waitsForPerson(step) ? step : undefined;
  }
  const waiting = Object.values(state.steps).filter(waitsForPerson);
  return waiting.length === 1 ? waiting[0] : undefined;
}

export function waitsForPerson(step: StepState): boolean {
  return (
    step.status === 'waiting' &&
    (step.waiting?.kind === 'approval' || step.waiting?.kind === 'person')
  );
}
