import { formatDuration } from '../duration';
import { RunEvent, RunState, StepError } from '../types';
import {
  changeStep,
  endStep,
  withoutStepTimers,
  withoutTimers,
  withTimer,
} from './change';
import {
  approversSoFar,
  askPeople,
  needsApproval,
  policyOfInterrupted,
  waitingForApproval,
} from './approval';
import { indexOf } from './definitionIndex';
import { mayStart } from './judge';
import { expireOutside, wakeStep, wakeStopped, waitOutside } from './outside';
import { isRetried, retryDelayMs } from './retry';
import {
  isStepEnded,
  outlastsStop,
  RUN_TIMER,
  stepTimer,
  stopOf,
} from './status';

/** Time between the wish that a step stops and the demand. */
const GRACE_MS = 60_000;

/** A step that takes its worker down each time must not do so for ever. */
const MAX_LOSSES = 5;

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/**
 * Idempotency key of one attempt.
 *
 * @public
 */
export function attemptKey(
  state: RunState,
  step: string,
  attempt: number,
): string {
  return `${state.input.run.id}/${step}/${attempt}`;
}

export function startStep(
  state: RunState,
  event: EventOf<'StepStarted'>,
): RunState {
  const index = indexOf(state.definition);
  const definition = index.byName.get(event.step);
  if (definition === undefined) {
    return state;
  }
  const step = state.steps[event.step];
  const startable = step.status === 'pending' || step.interrupted !== undefined;
  const expected = step.interrupted ? step.attempt : step.attempt + 1;
  const approved = !needsApproval(definition) || step.approved !== undefined;
  if (
    isStepEnded(step) ||
    !startable ||
    step.interrupted === 'hold' ||
    event.attempt !== expected ||
    !approved ||
    !mayStart({ state, index, steps: state.steps }, definition)
  ) {
    return state;
  }
  // What is attached to again went on meanwhile.
  const deadlineAt =
    (step.interrupted === 'resume' ? step.deadlineAt : undefined) ??
    event.at + definition.timeoutMs;
  const next = changeStep(state, event.step, {
    status: 'running',
    attempt: event.attempt,
    startedAt: step.startedAt ?? event.at,
    error: undefined,
    waiting: undefined,
    interrupted: undefined,
    losses: step.interrupted ? step.losses : undefined,
    deadlineAt,
    ...(step.outside && !step.interrupted ? { outside: undefined } : {}),
    ...(step.woken ? { woken: undefined } : {}),
  });
  return withTimer(
    next,
    stepTimer('timeout', next.steps[event.step]),
    deadlineAt,
  );
}

export function failStep(
  state: RunState,
  event: EventOf<'StepFailed'>,
): RunState {
  const { step: name, attempt, at } = event;
  const step = state.steps[name];
  const definition = indexOf(state.definition).byName.get(name);
  if (definition === undefined) {
    return state;
  }
  const error: StepError = step.timedOut
    ? {
        code: 'STEP_TIMEOUT',
        message: `Step "${name}" ran longer than ${formatDuration(definition.timeoutMs)} and was stopped. Raise its "timeout" if it needs more.`,
        transient: false,
      }
    : event.error;
  const stop = stopOf(state);
  const stopped =
    stop !== undefined && (stop.force || !outlastsStop(state, definition));
  if (stop && stopped && !step.timedOut) {
    return endStep(state, {
      name,
      at,
      status: 'cancelled',
      error,
      skipReason: stop.reason,
    });
  }
  if (stopped || !isRetried(definition.retry, attempt, error)) {
    return endStep(state, { name, at, status: 'failed', error });
  }
  const until =
    at +
    retryDelayMs(definition.retry, attempt, attemptKey(state, name, attempt));
  const next = changeStep(withoutStepTimers(state, name), name, {
    status: 'waiting',
    error,
    timedOut: undefined,
    waiting: {
      kind: 'retry',
      message: `Attempt ${attempt} of ${definition.retry.attempts} failed (${error.code}); the next one follows.`,
      until,
    },
  });
  return withTimer(next, stepTimer('retry', step), until);
}

/** The step waits; one whose time was over while it was at work has failed. */
export function endTurn(
  state: RunState,
  event: EventOf<'StepWaits'>,
): RunState {
  const { at, step, attempt } = event;
  return state.steps[step].timedOut
    ? failStep(state, {
        type: 'StepFailed',
        at,
        step,
        attempt,
        error: { code: 'STEP_TIMEOUT', message: '', transient: false },
      })
    : waitOutside(state, event);
}

export function loseStep(
  state: RunState,
  event: EventOf<'StepLost'>,
): RunState {
  const { step: name, at } = event;
  const step = state.steps[name];
  // Work that is attached to again cannot have taken its worker down by being
  // run: a wait of two days outlives any number of restarts. Nor has a step
  // whose worker was told to stop.
  const blameless = event.action === 'resume' || event.handedOver === true;
  const losses = (step.losses ?? 0) + (blameless ? 0 : 1);
  const stop = stopOf(state);
  const definition = indexOf(state.definition).byName.get(name);
  if (
    stop &&
    (stop.force ||
      (event.action !== 'resume' && !outlastsStop(state, definition)))
  ) {
    return endStep(state, {
      name,
      at,
      status: 'cancelled',
      skipReason: stop.reason,
    });
  }
  const action = losses >= MAX_LOSSES ? 'hold' : event.action;
  const next = changeStep(withoutStepTimers(state, name), name, {
    status: 'waiting',
    interrupted: action,
    timedOut: undefined,
    losses,
  });
  return action === 'hold'
    ? hold(next, name, at)
    : changeStep(next, name, {
        waiting: {
          kind: 'worker',
          message: `The worker of step "${name}" stopped; another one ${action === 'resume' ? 'carries it on' : 'runs it again'}.`,
        },
      });
}

/** A person finds out what an interrupted step has done. */
function hold(state: RunState, name: string, at: number): RunState {
  const definition = indexOf(state.definition).byName.get(name);
  const step = state.steps[name];
  if (definition === undefined) {
    return state;
  }
  const approval = askPeople(state, step, {
    kind: 'interrupted',
    policy: policyOfInterrupted(state, definition),
    at,
  });
  const losses = step.losses ?? 0;
  return changeStep(state, name, {
    approval,
    waiting: waitingForApproval(
      definition,
      approval,
      `The worker of step "${name}" stopped while it ran${losses > 1 ? `, ${losses} times` : ''}. Look at what it did, then approve to run it again or reject to fail it.`,
    ),
  });
}

/** Nobody, or too few, said yes in time. */
function expireApproval(state: RunState, name: string, at: number): RunState {
  const { approval } = state.steps[name];
  if (approval?.state !== 'pending') {
    return state;
  }
  const { quorum, expiresAfterMs = 0 } = approval.policy;
  const given = approversSoFar(approval).length;
  const time = formatDuration(expiresAfterMs);
  return endStep(state, {
    name,
    at,
    status: 'failed',
    approval: 'expired',
    error: {
      code: 'APPROVAL_EXPIRED',
      message:
        given > 0
          ? `Step "${name}" got ${given} of ${quorum} approvals within ${time}. Retry the run to ask again.`
          : `Nobody approved step "${name}" within ${time}. Retry the run to ask again.`,
      transient: false,
    },
  });
}

export function fireTimer(
  state: RunState,
  event: EventOf<'TimerFired'>,
): RunState {
  if (!Object.hasOwn(state.timers, event.timer)) {
    return state;
  }
  const next = withoutTimers(state, timer => timer === event.timer);
  if (event.timer === RUN_TIMER) {
    return endTimeOfRun(next, event.at);
  }
  const [kind, name] = event.timer.split('/');
  const step = state.steps[name];
  switch (kind) {
    case 'approval':
      return expireApproval(next, name, event.at);
    case 'outside':
      return expireOutside(next, name, event.at);
    case 'look':
      return wakeStep(next, name);
    case 'retry':
      return changeStep(next, name, { status: 'pending', waiting: undefined });
    case 'timeout':
      return withTimer(
        changeStep(next, name, { timedOut: { at: event.at, force: false } }),
        stepTimer('grace', step),
        event.at + GRACE_MS,
      );
    default:
      return changeStep(next, name, {
        timedOut: { at: event.at, force: true },
      });
  }
}

function endTimeOfRun(state: RunState, at: number): RunState {
  const { timeoutMs } = state.definition;
  return wakeStopped({
    ...state,
    timedOut: { at },
    paused: undefined,
    failure: state.failure ?? {
      error: {
        code: 'RUN_TIMEOUT',
        message: `The run took longer than ${formatDuration(timeoutMs)}, the "timeout" of its workflow.`,
        transient: false,
      },
    },
  });
}
