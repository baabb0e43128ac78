import {
  CarriedSteps,
  RunState,
  StepDefinition,
  WorkflowDefinition,
} from '../types';
import { indexOf } from './definitionIndex';
import { withoutItems } from './expand';

/**
 * What a retry of an ended run would do.
 *
 * @public
 */
export interface RetryPreview {
  /** Goes into the `RunStarted` event of the new run. */
  carried: CarriedSteps;
  /** What the new run runs: items whose steps are decided anew are left out. */
  definition: WorkflowDefinition;
  /** Names of the steps that keep their outputs. */
  kept: string[];
  /** Names of the steps that are decided anew, in order. */
  again: string[];
  /** Those of `again` that had started before, so their effects may exist already. */
  startedBefore: string[];
}

/**
 * Works out which steps of an ended run a retry takes over. A step is kept
 * when it succeeded and everything it depends on is kept or was skipped by a
 * condition; what belongs to `finally` always runs again.
 *
 * @public
 */
export function previewRetry(state: RunState): RetryPreview {
  const { order } = indexOf(state.definition);
  const fine = new Set<string>();
  const kept: string[] = [];
  const isReady = (step: StepDefinition) =>
    !step.finally && step.dependsOn.every(name => fine.has(name));
  const isKept = (step: StepDefinition) =>
    isReady(step) && (step.children ?? []).every(name => fine.has(name));
  const regathered = new Set<string>();
  for (const step of order) {
    const { status, afterFailure } = state.steps[step.name];
    if (step.children && !isReady(step)) {
      regathered.add(step.name);
    }
    if (isKept(step) && status === 'succeeded') {
      fine.add(step.name);
      kept.push(step.name);
    } else if (isKept(step) && status === 'skipped' && !afterFailure) {
      fine.add(step.name);
    }
  }
  const keptNames = new Set(kept);
  const again = order
    .filter(
      ({ name, item }) =>
        !keptNames.has(name) && !(item && regathered.has(item.parent)),
    )
    .map(step => step.name);
  return {
    carried: {
      steps: Object.fromEntries(
        kept.map(name => [name, { outputs: state.steps[name].outputs }]),
      ),
      variables: state.variables,
      resources: state.resources,
    },
    definition:
      regathered.size > 0
        ? withoutItems(state.definition, regathered)
        : state.definition,
    kept,
    again,
    startedBefore: again.filter(name => hasStarted(state, name)),
  };
}

/** A step with `forEach` started when one of its items did. */
function hasStarted(state: RunState, name: string): boolean {
  const children = indexOf(state.definition).byName.get(name)?.children ?? [];
  return [name, ...children].some(each => state.steps[each].attempt > 0);
}
