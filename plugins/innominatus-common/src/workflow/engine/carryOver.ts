import { CarriedSteps, RunState, StepDefinition } from '../types';
import { indexOf } from './definitionIndex';

/**
 * What a retry of an ended run would do.
 *
 * @public
 */
export interface RetryPreview {
  /** Goes into the `RunStarted` event of the new run. */
  carried: CarriedSteps;
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
  const isKept = (step: StepDefinition) =>
    !step.finally && step.dependsOn.every(name => fine.has(name));
  for (const step of order) {
    const { status, afterFailure } = state.steps[step.name];
    if (isKept(step) && status === 'succeeded') {
      fine.add(step.name);
      kept.push(step.name);
    } else if (isKept(step) && status === 'skipped' && !afterFailure) {
      fine.add(step.name);
    }
  }
  const keptNames = new Set(kept);
  const again = order
    .filter(step => !keptNames.has(step.name))
    .map(step => step.name);
  return {
    carried: {
      steps: Object.fromEntries(
        kept.map(name => [name, { outputs: state.steps[name].outputs }]),
      ),
      variables: state.variables,
      resources: state.resources,
    },
    kept,
    again,
    startedBefore: again.filter(name => state.steps[name].attempt > 0),
  };
}
