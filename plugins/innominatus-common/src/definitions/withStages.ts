import { StepDefinition } from '../workflow/types';
import { ResourceStepsError } from './ResourceStepsError';

/** The stage of a step is the longest way to it. */
export function withStages(steps: StepDefinition[]): StepDefinition[] {
  const byName = new Map(steps.map(step => [step.name, step]));
  const stages = new Map<string, number>();
  const stageOf = (name: string, path: string[]): number => {
    const known = stages.get(name);
    if (known !== undefined) {
      return known;
    }
    if (path.includes(name)) {
      throw new ResourceStepsError(
        `The steps depend on each other in a circle: ${[...path, name].join(' → ')}`,
      );
    }
    const before = (byName.get(name)?.dependsOn ?? []).filter(item =>
      byName.has(item),
    );
    const stage = before.reduce(
      (highest, item) => Math.max(highest, stageOf(item, [...path, name]) + 1),
      0,
    );
    stages.set(name, stage);
    return stage;
  };
  const staged = steps.map(step => ({
    ...step,
    stage: stageOf(step.name, []),
  }));
  // What belongs to `finally` comes after everything else.
  const last = Math.max(
    -1,
    ...staged.filter(step => !step.finally).map(step => step.stage),
  );
  return staged.map(step =>
    step.finally ? { ...step, stage: step.stage + last + 1 } : step,
  );
}
