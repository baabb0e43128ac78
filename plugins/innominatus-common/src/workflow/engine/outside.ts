import { formatDuration } from '../duration';
import { OutsideWait, RunEvent, RunState, StepState } from '../types';
import { changeStep, endStep, withoutStepTimers, withTimer } from './change';
import { indexOf } from './definitionIndex';
import {
  isAtWork,
  outlastsStop,
  stepTimer,
  stopOf,
  waitsOutside,
} from './status';

/** The longer a step waits, the less often it looks. */
const LOOKS_PER_WAIT = 100;

type StepWaits = Extract<RunEvent, { type: 'StepWaits' }>;

/**
 * Ends the turn of a step that has nothing to do until something happens
 * outside. From here on it needs no worker: a signal, a timer or a cancel gives
 * it the next turn of the same attempt.
 */
export function waitOutside(state: RunState, event: StepWaits): RunState {
  const { step: name, at, wait } = event;
  const step = state.steps[name];
  const stop = stopOf(state);
  if (stop && (stop.force || !outlasts(state, name))) {
    return endStep(state, {
      name,
      at,
      status: 'cancelled',
      skipReason: stop.reason,
    });
  }
  const since = step.outside?.since ?? at;
  const expiresAt =
    step.outside?.expiresAt ??
    (wait.expiresAfterMs === undefined ? undefined : at + wait.expiresAfterMs);
  const { message, link, heldBy } = wait;
  const next = changeStep(withoutStepTimers(state, name), name, {
    status: 'waiting',
    outside: { since, ...(expiresAt === undefined ? {} : { expiresAt }) },
    losses: undefined,
    // The next turn has a time of its own.
    deadlineAt: undefined,
    waiting: {
      kind: 'outside',
      message,
      ...(expiresAt === undefined ? {} : { until: expiresAt }),
      ...(heldBy ? { heldBy } : {}),
      ...(link ? { link } : {}),
    },
  });
  if (expiresAt !== undefined && at >= expiresAt) {
    return expireOutside(next, name, at);
  }
  return step.woken
    ? carryOn(next, name)
    : withOutsideTimers(next, step, { wait, at, since, expiresAt });
}

function withOutsideTimers(
  state: RunState,
  step: StepState,
  options: {
    wait: OutsideWait;
    at: number;
    since: number;
    expiresAt: number | undefined;
  },
): RunState {
  const { wait, at, since, expiresAt } = options;
  const expiring =
    expiresAt === undefined
      ? state
      : withTimer(state, stepTimer('outside', step), expiresAt);
  return wait.lookAfterMs === undefined
    ? expiring
    : withTimer(
        expiring,
        stepTimer('look', step),
        at +
          Math.max(wait.lookAfterMs, Math.round((at - since) / LOOKS_PER_WAIT)),
      );
}

/** Something happened that the step waits for, or it is time to look again. */
export function wakeStep(state: RunState, name: string): RunState {
  const step = Object.hasOwn(state.steps, name) ? state.steps[name] : undefined;
  if (step === undefined) {
    return state;
  }
  if (waitsOutside(step)) {
    return carryOn(withoutStepTimers(state, name), name);
  }
  // It may have looked a moment too early.
  return isAtWork(step) && !step.woken
    ? changeStep(state, name, { woken: true })
    : state;
}

/**
 * Steps that are stopped get a last turn, in which they are told: only they
 * know what goes on outside because of them.
 */
export function wakeStopped(state: RunState): RunState {
  let next = state;
  for (const step of Object.values(state.steps)) {
    if (waitsOutside(step) && !outlasts(state, step.name)) {
      next = carryOn(withoutStepTimers(next, step.name), step.name);
    }
  }
  return next;
}

export function expireOutside(
  state: RunState,
  name: string,
  at: number,
): RunState {
  const { outside, waiting } = state.steps[name];
  const { since = at, expiresAt = at } = outside ?? {};
  const time = formatDuration(expiresAt - since);
  return endStep(state, {
    name,
    at,
    status: 'failed',
    error: {
      code: 'WAIT_EXPIRED',
      message:
        `Nothing came back within ${time}. ${waiting?.message ?? ''}`.trim(),
      transient: false,
    },
  });
}

function carryOn(state: RunState, name: string): RunState {
  return changeStep(state, name, {
    interrupted: 'resume',
    woken: undefined,
    waiting: {
      kind: 'worker',
      message: `Something happened that step "${name}" waits for; a worker carries it on.`,
    },
  });
}

function outlasts(state: RunState, name: string): boolean {
  return outlastsStop(state, indexOf(state.definition).byName.get(name));
}
