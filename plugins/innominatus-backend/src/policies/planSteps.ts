import {
  JsonObject,
  JsonValue,
  MAX_RUN_DEPTH,
  PolicyPlan,
  StepDefinition,
  UNKNOWN_STEP_TYPE,
  WorkflowDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';

/** Workflows that call each other over and over would have no end. */
const MOST_STEPS = 5_000;

export interface PlanStepsOptions {
  getWorkflow(name: string): WorkflowDefinition | undefined;
  /** Of the run, so that a name that is one of them is known. */
  parameters: Record<string, JsonValue>;
}

/**
 * The steps of a run with those of the workflows it calls: a step type does not
 * become allowed by being wrapped. Where nobody can say before the run what a
 * step calls, a step of an unknown type stands for it.
 *
 * `mayBeSkipped` are the called workflows that no step calls in every case: a
 * parameter of the person who deploys may decide a condition.
 */
export function planSteps(
  definition: WorkflowDefinition,
  options: PlanStepsOptions,
): Required<Pick<PolicyPlan, 'steps' | 'workflows' | 'mayBeSkipped'>> {
  const workflows = new Set<string>();
  const certain = new Set<string>();
  let count = 0;
  const collect = (
    { steps }: Pick<WorkflowDefinition, 'steps'>,
    above: {
      prefix: string;
      stages: number[];
      depth: number;
      parameters: Record<string, JsonValue>;
      certain: boolean;
    },
  ): PlacedStep[] =>
    steps.flatMap(definedStep => {
      const { name, type, stage, config } = definedStep;
      count += 1;
      const step = {
        name: `${above.prefix}${name}`,
        type,
        stages: [...above.stages, stage],
        config,
      };
      if (type !== 'workflow') {
        return [step];
      }
      const called = resolveText(config.workflow, above.parameters);
      const target = called ?? String(config.workflow);
      const isCertain = above.certain && runsInEveryCase(definedStep);
      workflows.add(target);
      if (isCertain) {
        certain.add(target);
      }
      // What is deeper does not run.
      if (above.depth >= MAX_RUN_DEPTH) {
        return [step];
      }
      const within = {
        prefix: `${step.name}/`,
        stages: step.stages,
        depth: above.depth + 1,
        parameters: resolveAll(config.parameters, above.parameters),
        certain: isCertain,
      };
      if (called === undefined || count > MOST_STEPS) {
        const unknown = { name: `${within.prefix}?`, type: UNKNOWN_STEP_TYPE };
        return [step, { ...unknown, stages: [...step.stages, 0], config: {} }];
      }
      const nested = options.getWorkflow(called);
      return nested ? [step, ...collect(nested, within)] : [step];
    });
  const steps = collect(definition, {
    prefix: '',
    stages: [],
    depth: 0,
    parameters: options.parameters,
    certain: true,
  });
  return {
    steps: withStages(steps),
    workflows: [...workflows],
    mayBeSkipped: [...workflows].filter(name => !certain.has(name)),
  };
}

/** Or the run fails. There may be no items at all. */
function runsInEveryCase(step: StepDefinition): boolean {
  return (
    step.if === undefined &&
    step.unless === undefined &&
    step.forEach === undefined &&
    step.when !== 'on_failure'
  );
}

type PlacedStep = Omit<PolicyPlan['steps'][number], 'stage'> & {
  /** Of the step that calls, and so on; the step's own is the last one. */
  stages: number[];
};

/** One number for each: between the step that calls and the one after it. */
function withStages(steps: PlacedStep[]): PolicyPlan['steps'] {
  const places = new Map(
    steps.map(({ stages }) => [stages.join('.'), stages] as const),
  );
  const numbers = new Map<string, number>();
  const counts = new Map<number, number>();
  for (const stages of [...places.values()].sort(compareStages)) {
    const [first] = stages;
    const index = counts.get(first) ?? 0;
    counts.set(first, index + 1);
    numbers.set(stages.join('.'), first + index / (places.size + 1));
  }
  return steps.map(({ stages, name, type, config }) => ({
    name,
    type,
    stage: numbers.get(stages.join('.')) ?? 0,
    config,
  }));
}

function compareStages(left: number[], right: number[]): number {
  const index = left.findIndex((stage, at) => stage !== right[at]);
  return index === -1
    ? left.length - right.length
    : left[index] - (right[index] ?? -1);
}

/** The text there will be, if that can be told by the parameters alone. */
function resolveText(
  value: JsonValue | undefined,
  parameters: Record<string, JsonValue>,
): string | undefined {
  if (typeof value !== 'string' || !value.includes('${')) {
    return typeof value === 'string' ? value : undefined;
  }
  const [, name] = /^\$\{params\.([\w-]+)\}$/.exec(value) ?? [];
  const found =
    name !== undefined && Object.hasOwn(parameters, name)
      ? parameters[name]
      : undefined;
  return typeof found === 'string' ? found : undefined;
}

function resolveAll(
  values: JsonValue | undefined,
  parameters: Record<string, JsonValue>,
): JsonObject {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    return {};
  }
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const text = resolveText(value, parameters);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}
