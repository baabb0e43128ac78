import { JsonObject, JsonValue } from '../json';
import { Durations, estimateStep, phaseOfStep } from './durations';
import { AnalysisRisk, AnalysisStep } from './types';

type WrittenStep = {
  name: string;
  type: string;
  dependsOn?: string[];
  group?: string;
};

/** Group of steps that only say `parallel`; numbers are named `group N`. */
const NEIGHBOURS = 'parallel';

/**
 * The steps of the workflows in a spec, in the order the engine gives them: a
 * step waits for the one before it; neighbours with `parallel` and equal
 * `parallelGroup` numbers form one stage; `dependsOn` replaces the implied
 * order. With several workflows the names are `workflow/step`.
 */
export function workflowSteps(
  workflows: Readonly<Record<string, JsonObject>>,
  durations: Durations,
): { steps: Array<Omit<AnalysisStep, 'blocks'>>; risks: AnalysisRisk[] } {
  const names = Object.keys(workflows).sort();
  const risks: AnalysisRisk[] = [];
  const steps = names.flatMap(workflow => {
    const prefix = names.length > 1 ? `${workflow}/` : '';
    const written = readSteps(workflows[workflow]);
    const known = new Set(written.map(({ name }) => name));
    const implied = impliedOrder(written);
    return written.map((step, index) => ({
      name: prefix + step.name,
      type: step.type,
      phase: phaseOfStep(step.type),
      dependsOn: (step.dependsOn ?? implied[index])
        .filter(name => {
          if (!known.has(name)) {
            risks.push({
              severity: 'error',
              code: 'UNKNOWN_DEPENDENCY',
              message: `The step "${step.name}" waits for "${name}", but the workflow "${workflow}" has no such step.`,
              step: prefix + step.name,
            });
          }
          return known.has(name);
        })
        .map(name => prefix + name),
      ...estimateStep(step.type, durations),
    }));
  });
  return { steps, risks };
}

function impliedOrder(steps: readonly WrittenStep[]): string[][] {
  const stages: Array<{ group?: string; names: string[] }> = [];
  const stageOf = steps.map(({ name, group }) => {
    const numbered =
      group === undefined || group === NEIGHBOURS
        ? undefined
        : stages.findIndex(stage => stage.group === group);
    const last = stages.length - 1;
    if (numbered !== undefined && numbered >= 0) {
      stages[numbered].names.push(name);
      return numbered;
    }
    if (group === NEIGHBOURS && stages[last]?.group === NEIGHBOURS) {
      stages[last].names.push(name);
      return last;
    }
    stages.push({ group, names: [name] });
    return stages.length - 1;
  });
  return stageOf.map(stage => (stage === 0 ? [] : stages[stage - 1].names));
}

function readSteps(workflow: JsonObject): WrittenStep[] {
  const steps = Array.isArray(workflow.steps) ? workflow.steps : [];
  return steps.flatMap(step => {
    if (typeof step !== 'object' || step === null || Array.isArray(step)) {
      return [];
    }
    const { name, type, parallel, parallelGroup } = step;
    return typeof name === 'string' && typeof type === 'string'
      ? [
          {
            name,
            type,
            dependsOn: readNames(step.dependsOn),
            group: readGroup(parallel, parallelGroup),
          },
        ]
      : [];
  });
}

function readGroup(
  parallel: JsonValue | undefined,
  parallelGroup: JsonValue | undefined,
): string | undefined {
  if (typeof parallelGroup === 'number' && parallelGroup > 0) {
    return `group ${parallelGroup}`;
  }
  return parallel === true ? NEIGHBOURS : undefined;
}

function readNames(value: JsonValue | undefined): string[] | undefined {
  return Array.isArray(value)
    ? value.filter(name => typeof name === 'string')
    : undefined;
}
