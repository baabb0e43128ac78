import { interpolate, InterpolationError } from '../interpolate';
import { JsonValue } from '../../json';
import { buildScope } from '../stepScope';
import {
  RunCommand,
  RunState,
  StepDefinition,
  StepError,
  StepState,
} from '../types';
import { followsFailure } from './change';
import { indexOf } from './definitionIndex';
import { attemptKey } from './evolveStep';
import { ItemSlots } from './ItemSlots';
import { judge } from './judge';
import { readItems } from './readItems';
import {
  isAtWork,
  isRunEnded,
  isStepEnded,
  outlastsStop,
  stopOf,
} from './status';

/**
 * What should be in flight now.
 *
 * @remarks
 * The answer depends on nothing but the state and stays the same until an
 * event says that a command was carried out. Steps that are skipped because
 * of other skipped steps all come in one answer, in order.
 *
 * @public
 */
export function decide(state: RunState): RunCommand[] {
  if (isRunEnded(state)) {
    return [];
  }
  const commands = [...stepCommands(state), ...cancels(state)];
  if (commands.length === 0 && Object.values(state.steps).every(isStepEnded)) {
    return [finish(state)];
  }
  for (const [timer, at] of Object.entries(state.timers)) {
    commands.push({ type: 'SetTimer', timer, at });
  }
  return commands;
}

function stepCommands(state: RunState): RunCommand[] {
  const index = indexOf(state.definition);
  const commands: RunCommand[] = [];
  let steps = state.steps;
  const atWork = Object.values(steps).filter(isAtWork);
  let free = (state.definition.maxParallel ?? Infinity) - atWork.length;
  const slots = ItemSlots.create(index, atWork);
  for (const definition of index.order) {
    const step = steps[definition.name];
    if (isStepEnded(step) || step.status === 'running') {
      continue;
    }
    const verdict = judge({ state, index, steps }, definition);
    if (verdict.kind === 'skip') {
      if (steps === state.steps) {
        steps = { ...steps };
      }
      steps[step.name] = skipped(state, steps, step, verdict.skip.status);
      commands.push({ type: 'SkipStep', step: step.name, ...verdict.skip });
    } else if (verdict.kind !== 'start' || !isDue(step) || state.paused) {
      continue;
    } else if (definition.settings?.problem !== undefined) {
      commands.push(
        failed(step.name, {
          code: 'REFERENCE_UNRESOLVED',
          message: definition.settings.problem,
          transient: false,
        }),
      );
    } else if (definition.forEach) {
      commands.push(expand(state, definition));
    } else if (free > 0 && slots.take(definition)) {
      free -= 1;
      commands.push(start(state, step, definition.timeoutMs));
    }
  }
  return commands;
}

function expand(state: RunState, definition: StepDefinition): RunCommand {
  const step = definition.name;
  const read = readItems(state, definition);
  return 'error' in read
    ? failed(step, read.error)
    : { type: 'ExpandStep', step, ...read };
}

/** It fails before it does anything. */
function failed(step: string, error: StepError): RunCommand {
  return {
    type: 'SkipStep',
    step,
    status: 'failed',
    reason: error.message,
    error,
  };
}

function skipped(
  state: RunState,
  steps: Record<string, StepState>,
  step: StepState,
  status: StepState['status'],
): StepState {
  return {
    ...step,
    status,
    afterFailure: followsFailure(steps, state, step.name) || undefined,
  };
}

function isDue(step: StepState): boolean {
  return (
    step.status === 'pending' ||
    step.interrupted === 'resume' ||
    step.interrupted === 'rerun'
  );
}

function start(
  state: RunState,
  step: StepState,
  timeoutMs: number,
): RunCommand {
  const attempt = step.interrupted ? step.attempt : step.attempt + 1;
  return {
    type: 'StartStep',
    step: step.name,
    attempt,
    key: attemptKey(state, step.name, attempt),
    deadlineMs: timeoutMs,
    ...(step.interrupted ? { resume: step.interrupted } : {}),
  };
}

function cancels(state: RunState): RunCommand[] {
  const stop = stopOf(state);
  const commands: RunCommand[] = [];
  const { byName } = indexOf(state.definition);
  for (const step of Object.values(state.steps)) {
    if (!isAtWork(step)) {
      continue;
    }
    const stopped =
      stop !== undefined &&
      (stop.force || !outlastsStop(state, byName.get(step.name)));
    if (stopped || step.timedOut) {
      commands.push({
        type: 'CancelStep',
        step: step.name,
        attempt: step.attempt,
        reason: stopped
          ? stop.reason
          : `The time of step "${step.name}" is over.`,
        force: (stopped && stop.force) || step.timedOut?.force === true,
      });
    }
  }
  return commands;
}

function finish(state: RunState): RunCommand {
  if (state.failure && !cancelledFirst(state)) {
    return {
      type: 'FinishRun',
      status: 'failed',
      outputs: {},
      failure: state.failure,
    };
  }
  if (Object.values(state.steps).some(step => step.status === 'cancelled')) {
    return {
      type: 'FinishRun',
      status: 'cancelled',
      outputs: {},
      ...(state.failure ? { failure: state.failure } : {}),
    };
  }
  try {
    const outputs = interpolate(
      state.definition.outputs,
      buildScope(state),
      '/outputs',
    );
    return {
      type: 'FinishRun',
      status: 'succeeded',
      outputs: outputs as Record<string, JsonValue>,
    };
  } catch (error) {
    if (!(error instanceof InterpolationError)) {
      throw error;
    }
    return {
      type: 'FinishRun',
      status: 'failed',
      outputs: {},
      failure: {
        error: {
          code: 'OUTPUT_UNRESOLVED',
          message: error.message,
          transient: false,
        },
      },
    };
  }
}

/** A step that fails while the run is being cancelled does not change what happened. */
function cancelledFirst(state: RunState): boolean {
  const failedAt = state.failure?.step
    ? state.steps[state.failure.step].endedAt
    : undefined;
  return (
    state.cancel !== undefined &&
    failedAt !== undefined &&
    failedAt >= state.cancel.at &&
    Object.values(state.steps).some(step => step.status === 'cancelled')
  );
}
