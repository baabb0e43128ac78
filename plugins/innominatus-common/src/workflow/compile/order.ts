import { joinJsonPointer, nearestNames } from '../../diagnostics';
import { ReadStep } from './readStep';
import { Report } from './report';

/**
 * Works out what each step waits for and in which stage it can start.
 *
 * @remarks
 * Without hints a step waits for the stage before it. Neighbours with
 * `parallel: true` form one stage; equal `parallelGroup` numbers form one
 * stage at the place of the first. `dependsOn` replaces the implied edges.
 */
export function orderSteps(
  steps: ReadStep[],
  firstStage: number,
  report: Report,
): void {
  const stages = makeStages(steps);
  stages.forEach((stage, i) => {
    for (const step of stage) {
      step.definition.dependsOn =
        step.explicitDependsOn ??
        (i === 0 ? [] : stages[i - 1].map(s => s.definition.name));
    }
  });
  const isSound = checkNames(steps, report);
  if (!isSound || findCycles(steps, report)) {
    return;
  }
  setStages(steps, firstStage);
}

function makeStages(steps: ReadStep[]): ReadStep[][] {
  const stages: ReadStep[][] = [];
  const groups = new Map<number, ReadStep[]>();
  let neighbours: ReadStep[] | undefined;
  for (const step of steps) {
    const shared =
      step.parallelGroup === undefined
        ? step.parallel && neighbours
        : groups.get(step.parallelGroup);
    const stage = shared || [];
    if (!shared) {
      stages.push(stage);
    }
    stage.push(step);
    if (step.parallelGroup !== undefined) {
      groups.set(step.parallelGroup, stage);
    }
    neighbours =
      step.parallel && step.parallelGroup === undefined ? stage : undefined;
  }
  return stages;
}

function checkNames(steps: ReadStep[], report: Report): boolean {
  const names = new Set(steps.map(step => step.definition.name));
  const unknown = steps.flatMap(step =>
    (step.explicitDependsOn ?? [])
      .map((name, i) => ({ step, name, i }))
      .filter(({ name }) => !names.has(name)),
  );
  for (const { step, name, i } of unknown) {
    const place = step.definition.finally ? '"finally"' : 'this workflow';
    report.error(
      'WORKFLOW_UNKNOWN_STEP',
      joinJsonPointer(step.pointer, 'dependsOn', i),
      `Step "${step.definition.name}" depends on "${name}", which is not a step of ${place}.`,
      [
        ...nearestNames(name, names, 1).map(near => `Did you mean "${near}"?`),
        `Steps: ${[...names].join(', ')}.`,
      ],
    );
  }
  return unknown.length === 0;
}

/** Depth first, so that the path of a cycle is at hand when it closes. */
function findCycles(steps: ReadStep[], report: Report): boolean {
  const byName = new Map(steps.map(step => [step.definition.name, step]));
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): boolean => {
    if (done.has(name)) {
      return false;
    }
    const start = path.indexOf(name);
    const step = byName.get(name);
    if (start >= 0) {
      const cycle = [...path.slice(start), name];
      report.error(
        'WORKFLOW_CYCLE',
        step ? joinJsonPointer(step.pointer, 'dependsOn') : '',
        `The steps wait for each other: ${cycle.join(' → ')}. Remove one of these dependencies.`,
      );
      return true;
    }
    path.push(name);
    const found = step?.definition.dependsOn.some(visit) ?? false;
    path.pop();
    done.add(name);
    return found;
  };
  return steps.some(step => visit(step.definition.name));
}

function setStages(steps: ReadStep[], firstStage: number): void {
  const byName = new Map(
    steps.map(step => [step.definition.name, step.definition]),
  );
  const known = new Map<string, number>();
  const stageOf = (name: string): number => {
    const seen = known.get(name);
    if (seen !== undefined) {
      return seen;
    }
    const before = byName.get(name)?.dependsOn ?? [];
    const stage = before.reduce(
      (most, dependency) => Math.max(most, stageOf(dependency) + 1),
      firstStage,
    );
    known.set(name, stage);
    return stage;
  };
  for (const { definition } of steps) {
    definition.stage = stageOf(definition.name);
  }
}
