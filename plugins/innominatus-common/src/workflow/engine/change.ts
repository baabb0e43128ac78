import { RunState, StepDefinition, StepError, StepState } from '../types';
import { closeApproval } from './approval';
import { indexOf } from './definitionIndex';
import { gatherItems } from './gatherItems';
import { isStepEnded } from './status';

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
  /** What became of an open question to people. Default `cancelled`. */
  approval?: 'rejected' | 'expired';
  variables?: StepState['variables'];
  resources?: StepState['resources'];
}

/** Brings a step to its end and remembers the first failure of the run. */
export function endStep(state: RunState, options: EndStepOptions): RunState {
  const { name, at, status, error } = options;
  const { approval } = state.steps[name];
  const next = changeStep(withoutStepTimers(state, name), name, {
    status,
    endedAt: at,
    error,
    skipReason: options.skipReason,
    outputs: options.outputs ?? {},
    variables: options.variables,
    resources: options.resources,
    waiting: undefined,
    interrupted: undefined,
    timedOut: undefined,
    ...(state.steps[name].woken ? { woken: undefined } : {}),
    afterFailure: followsFailure(state.steps, state, name) || undefined,
    ...(approval?.state === 'pending'
      ? {
          approval: closeApproval(
            approval,
            options.approval ?? 'cancelled',
            at,
          ),
        }
      : {}),
  });
  return joinItems(
    status === 'failed' && error && !next.failure
      ? { ...next, failure: { step: name, error } }
      : next,
    name,
    at,
  );
}

/** The last item to end ends the step that says `forEach`. */
function joinItems(state: RunState, name: string, at: number): RunState {
  const { byName } = indexOf(state.definition);
  const item = byName.get(name)?.item;
  const parent = item && byName.get(item.parent);
  return parent ? joinStep(state, parent, at) : state;
}

/** Ends a step with `forEach` once the steps of all items have ended. */
export function joinStep(
  state: RunState,
  parent: StepDefinition,
  at: number,
): RunState {
  const { children = [] } = parent;
  if (
    !state.steps[parent.name].expanded ||
    isStepEnded(state.steps[parent.name]) ||
    !children.every(child => isStepEnded(state.steps[child]))
  ) {
    return state;
  }
  const { variables, ...end } = gatherItems(state, parent);
  const next = endStep(state, { name: parent.name, at, variables, ...end });
  return variables
    ? { ...next, variables: { ...next.variables, ...variables } }
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
