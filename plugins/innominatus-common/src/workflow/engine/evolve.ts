import { settleSteps, startScope } from '../stepSettings';
import { RunEvent, RunState, StepState, StepYield } from '../types';
import { endStep } from './change';
import { expandStep, takeUpItems } from './expand';
import {
  endTurn,
  fireTimer,
  loseStep,
  startStep,
  failStep,
} from './evolveStep';
import { takeSignal } from './evolveSignal';
import { refresh } from './refresh';
import { isAtWork, isRunEnded, isStepEnded, RUN_TIMER } from './status';

/**
 * Takes one event into the state of a run.
 *
 * @remarks
 * Pure: the same events in the same order give the same state, on every
 * runtime. Events that come twice, too late, or for a step that cannot take
 * them leave the state untouched (the same object comes back), so a runtime
 * may deliver at least once. After appending a `StepStarted` a runtime looks
 * whether the step is `running` under that attempt before it does any work:
 * a cancel may have been first.
 *
 * @public
 */
export function evolve(state: RunState | undefined, event: RunEvent): RunState {
  if (state === undefined) {
    if (event.type !== 'RunStarted') {
      throw new Error(
        `The first event of a run must be "RunStarted", but it is "${event.type}". The journal is incomplete.`,
      );
    }
    return refresh(startRun(event), event.at);
  }
  if (isRunEnded(state)) {
    return state;
  }
  const next = apply(state, event);
  return next === state || isRunEnded(next) ? next : refresh(next, event.at);
}

function apply(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'RunStarted':
      return state;
    case 'StepStarted':
      return startStep(state, event);
    case 'StepExpanded':
      return expandStep(state, event);
    case 'StepSucceeded': {
      if (!isCurrent(state, event)) {
        return state;
      }
      const next = endStep(state, {
        name: event.step,
        at: event.at,
        status: 'succeeded',
        outputs: event.outputs,
        variables: event.variables,
        resources: event.resources,
      });
      return {
        ...next,
        variables: { ...next.variables, ...event.variables },
        resources: { ...next.resources, ...event.resources },
      };
    }
    case 'StepFailed':
      return isCurrent(state, event) ? failStep(state, event) : state;
    case 'StepLost':
      return isCurrent(state, event) ? loseStep(state, event) : state;
    case 'StepWaits':
      return isCurrent(state, event) ? endTurn(state, event) : state;
    case 'StepSkipped': {
      const step = stepOf(state, event.step);
      return step === undefined ||
        isStepEnded(step) ||
        step.status === 'running'
        ? state
        : endStep(state, {
            name: event.step,
            at: event.at,
            status: event.status,
            skipReason: event.reason,
            error: event.error,
            outputs: step.outputs,
          });
    }
    case 'TimerFired':
      return fireTimer(state, event);
    case 'Signal':
      return takeSignal(state, event);
    case 'RunFinished':
      return {
        ...state,
        status: event.status,
        endedAt: event.at,
        outputs: event.outputs,
        failure: event.failure ?? state.failure,
        timers: {},
        waiting: undefined,
        remainingMs: undefined,
      };
    default:
      return state;
  }
}

function stepOf(state: RunState, name: string): StepState | undefined {
  return Object.hasOwn(state.steps, name) ? state.steps[name] : undefined;
}

function isCurrent(
  state: RunState,
  event: { step: string; attempt: number },
): boolean {
  const step = stepOf(state, event.step);
  return step !== undefined && isAtWork(step) && step.attempt === event.attempt;
}

function startRun(event: Extract<RunEvent, { type: 'RunStarted' }>): RunState {
  const { input, carried, at } = event;
  const definition = settleSteps(
    event.definition,
    startScope(event.definition, input),
  );
  const steps = definition.steps.map((step): [string, StepState] => {
    const kept =
      carried && Object.hasOwn(carried.steps, step.name)
        ? carried.steps[step.name]
        : undefined;
    return [
      step.name,
      kept
        ? {
            name: step.name,
            status: 'succeeded',
            attempt: 0,
            startedAt: at,
            endedAt: at,
            ...kept,
            carried: true,
          }
        : { name: step.name, status: 'pending', attempt: 0, outputs: {} },
    ];
  });
  const left = Object.values(carried?.steps ?? {});
  const state: RunState = {
    status: 'running',
    definition,
    input,
    steps: Object.fromEntries(steps),
    variables: merge(left, step => step.variables),
    resources: merge(left, step => step.resources),
    startedAt: at,
    timers: { [RUN_TIMER]: at + definition.timeoutMs },
    outputs: {},
    signals: {},
  };
  return takeUpItems(state, at);
}

function merge<T>(
  left: StepYield[],
  pick: (step: StepYield) => Record<string, T> | undefined,
): Record<string, T> {
  let merged: Record<string, T> = {};
  for (const step of left) {
    merged = { ...merged, ...pick(step) };
  }
  return merged;
}
