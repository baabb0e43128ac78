import { RunState, StepState, WaitingReason } from '../types';
import { askPeople, policyOf, waitingForApproval } from './approval';
import { changeStep, withoutTimers, withTimer } from './change';
import { indexOf } from './definitionIndex';
import { waitsForPerson } from './evolveSignal';
import { judge } from './judge';
import {
  isAtWork,
  outlastsStop,
  RUN_TIMER,
  stepTimer,
  stopOf,
  waitsOutside,
} from './status';

/**
 * Derives what follows from an event without an event of its own: which
 * manual steps now wait for an approval, whether the run as a whole waits and
 * for what, and whether its clock stands still.
 */
export function refresh(state: RunState, at: number): RunState {
  return setClock(setWaiting(askForApprovals(state, at)), at);
}

function askForApprovals(state: RunState, at: number): RunState {
  const index = indexOf(state.definition);
  let next = state;
  for (const step of index.manual) {
    const current = next.steps[step.name];
    if (
      current.status === 'pending' &&
      judge({ state: next, index, steps: next.steps }, step).kind === 'approval'
    ) {
      const approval = askPeople(next, current, {
        kind: 'approval',
        policy: policyOf(next, step),
        at,
      });
      next = changeStep(next, step.name, {
        status: 'waiting',
        approval,
        waiting: waitingForApproval(step, approval),
      });
      if (approval.expiresAt !== undefined) {
        next = withTimer(
          next,
          stepTimer('approval', current),
          approval.expiresAt,
        );
      }
    }
  }
  return next;
}

function setWaiting(state: RunState): RunState {
  const waiting = reasonOfRun(state);
  if (
    waiting === state.waiting &&
    (waiting ? 'waiting' : 'running') === state.status
  ) {
    return state;
  }
  return { ...state, status: waiting ? 'waiting' : 'running', waiting };
}

/** A run waits when nothing runs, nothing can start, and something waits. */
function reasonOfRun(state: RunState): WaitingReason | undefined {
  const stop = stopOf(state);
  const waiting: StepState[] = [];
  let anyPending = false;
  for (const step of Object.values(state.steps)) {
    if (isAtWork(step)) {
      return undefined;
    }
    if (step.status === 'waiting' && (!stop || outlasts(state, step))) {
      waiting.push(step);
    }
    anyPending ||= step.status === 'pending';
  }
  if (state.paused && (anyPending || waiting.length > 0)) {
    return state.waiting?.kind === 'paused'
      ? state.waiting
      : { kind: 'paused', message: `${state.paused.by} paused the run.` };
  }
  if (waiting.length === 0 || stop?.force) {
    return undefined;
  }
  if (anyPending) {
    const index = indexOf(state.definition);
    const view = { state, index, steps: state.steps };
    const canGoOn = index.order.some(step => {
      const verdict =
        state.steps[step.name].status === 'pending'
          ? judge(view, step).kind
          : 'blocked';
      return verdict === 'start' || verdict === 'skip';
    });
    if (canGoOn) {
      return undefined;
    }
  }
  return (waiting.find(waitsForPerson) ?? waiting[0]).waiting;
}

function outlasts(state: RunState, step: StepState): boolean {
  return outlastsStop(state, indexOf(state.definition).byName.get(step.name));
}

/**
 * Nobody should have to hurry an approval, or a system outside: the run's time
 * stands still.
 */
function setClock(state: RunState, at: number): RunState {
  const standsStill =
    state.status === 'waiting' &&
    (state.paused !== undefined ||
      Object.values(state.steps).every(
        step =>
          step.status !== 'waiting' ||
          waitsForPerson(step) ||
          waitsOutside(step),
      ));
  const due: number | undefined = state.timers[RUN_TIMER];
  if (standsStill && due !== undefined) {
    return {
      ...withoutTimers(state, timer => timer === RUN_TIMER),
      remainingMs: Math.max(0, due - at),
    };
  }
  if (!standsStill && state.remainingMs !== undefined) {
    return {
      ...withTimer(state, RUN_TIMER, at + state.remainingMs),
      remainingMs: undefined,
    };
  }
  return state;
}
