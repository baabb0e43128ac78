import {
  CarriedSteps,
  RunState,
  StepDefinition,
  StepYield,
  WorkflowDefinition,
} from '../types';
import { indexOf } from './definitionIndex';
import { withoutItems } from './expand';

/**
 * What a retry of an ended run would do. Each step is either kept or decided
 * anew.
 *
 * @public
 */
export interface CarryOver {
  /** Goes into the `RunStarted` event of the new run. */
  carried: CarriedSteps;
  /** What the new run runs: items whose steps are decided anew are left out. */
  definition: WorkflowDefinition;
  /** Names of the steps that keep their outputs, in order. */
  kept: string[];
  /** Names of the steps that are decided anew, in order. */
  again: string[];
  /** Those of `again` that had started before, so their effects may exist already. */
  startedBefore: string[];
}

/**
 * Options of {@link carryOver}.
 *
 * @public
 */
export interface CarryOverOptions {
  /** This step runs again with everything after it, also when it succeeded. */
  from?: string;
}

/**
 * Works out which steps of an ended run a retry takes over. A step is kept
 * when it succeeded and everything it depends on is kept or was skipped by a
 * condition; what belongs to `finally` always runs again.
 *
 * @public
 */
export function carryOver(
  state: RunState,
  options: CarryOverOptions = {},
): CarryOver {
  const { from } = options;
  const { order } = indexOf(state.definition);
  const fine = new Set<string>();
  const kept: string[] = [];
  const again: string[] = [];
  const regathered = new Set<string>();
  const isReady = (step: StepDefinition) =>
    !step.finally &&
    !(from !== undefined && [step.name, step.item?.parent].includes(from)) &&
    step.dependsOn.every(name => fine.has(name));
  const isKept = (step: StepDefinition) =>
    isReady(step) && (step.children ?? []).every(name => fine.has(name));
  for (const step of order) {
    const { status, afterFailure } = state.steps[step.name];
    if (step.children && !isReady(step)) {
      regathered.add(step.name);
    }
    if (isKept(step) && status === 'succeeded') {
      fine.add(step.name);
      kept.push(step.name);
      continue;
    }
    again.push(step.name);
    if (isKept(step) && status === 'skipped' && !afterFailure) {
      fine.add(step.name);
    }
  }
  const items = new Map(order.map(({ name, item }) => [name, item]));
  const left = again.filter(name => {
    const item = items.get(name);
    return !(item && regathered.has(item.parent));
  });
  return {
    carried: {
      steps: Object.fromEntries(kept.map(name => [name, yieldOf(state, name)])),
    },
    definition:
      regathered.size > 0
        ? withoutItems(state.definition, regathered)
        : state.definition,
    kept,
    again: left,
    startedBefore: left.filter(name => hasStarted(state, name)),
  };
}

/** A step with `forEach` started when one of its items did. */
function hasStarted(state: RunState, name: string): boolean {
  const children = indexOf(state.definition).byName.get(name)?.children ?? [];
  return [name, ...children].some(each => state.steps[each].attempt > 0);
}

function yieldOf(state: RunState, name: string): StepYield {
  const { outputs, variables, resources } = state.steps[name];
  return {
    outputs,
    ...(variables ? { variables } : {}),
    ...(resources ? { resources } : {}),
  };
}
