import { Definitions } from '../definitions/readDefinitions';
import { JsonObject, JsonValue } from '../json';
import {
  MAX_RUN_DEPTH,
  nestedTooDeep,
  unknownWorkflow,
} from '../workflow/nestedRuns';
import {
  ParameterIssue,
  validateCall,
  validateParameters,
} from '../workflow/parameters';
import { WorkflowDefinition } from '../workflow/types';
import {
  SimulateWorkflowOptions,
  SimulatedAnswer,
  SimulatedAttempt,
  SimulatedRun,
  simulateWorkflow,
} from './simulateWorkflow';

/** @public */
export interface SimulateGoldenPathOptions extends Pick<
  SimulateWorkflowOptions,
  'steps' | 'execute' | 'metadata' | 'decide'
> {
  definitions: Definitions;
  /** Name of the golden path. */
  goldenPath: string;
  parameters?: Record<string, JsonValue>;
  /** Default: `development`, simulated. */
  environment?: Partial<NonNullable<SimulateWorkflowOptions['environment']>>;
}

/** @public */
export interface SimulatedGoldenPath extends SimulatedRun {
  /** What is wrong with the parameters; then nothing was run. */
  issues: ParameterIssue[];
}

/**
 * Runs a golden path with the engine and with nothing behind it: parameters
 * are checked, nested runs are run, and every other step answers at once.
 *
 * @remarks
 * Answers for the steps of a nested run are named after both steps, for example
 * `backup/dump`. Throws when there is no such golden path.
 *
 * @public
 */
export async function simulateGoldenPath(
  options: SimulateGoldenPathOptions,
): Promise<SimulatedGoldenPath> {
  const { definitions, goldenPath: name, parameters = {} } = options;
  const goldenPath = definitions.goldenPaths.find(
    ({ metadata }) => metadata.name === name,
  );
  if (!goldenPath) {
    const known = definitions.goldenPaths.map(({ metadata }) => metadata.name);
    throw new Error(
      `There is no golden path "${name}". There are: ${known.join(', ') || 'none'}.`,
    );
  }
  const { values, issues } = validateParameters(
    goldenPath.parameters,
    parameters,
  );
  if (issues.length > 0) {
    return {
      issues,
      status: 'failed',
      outputs: {},
      failure: {
        error: {
          code: 'PARAMETERS_INVALID',
          message: issues[0].message,
          transient: false,
        },
      },
      steps: [],
      waitedMs: 0,
    };
  }
  const run = await simulateNested(options, {
    definition: goldenPath.workflow,
    parameters: values,
    path: [],
  });
  return { ...run, issues };
}

interface Nested {
  definition: WorkflowDefinition;
  parameters: JsonObject;
  /** Names of the steps that lead here. */
  path: string[];
}

async function simulateNested(
  options: SimulateGoldenPathOptions,
  { definition, parameters, path }: Nested,
): Promise<SimulatedRun> {
  const { metadata = { name: 'workload' }, steps = {}, decide } = options;
  const prefix = path.map(name => `${name}/`).join('');
  return simulateWorkflow({
    definition,
    parameters,
    metadata,
    environment: {
      name: 'development',
      type: 'development',
      target: 'simulate',
      ...options.environment,
    },
    decide,
    steps: Object.fromEntries(
      Object.entries(steps).flatMap(([name, answer]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), answer]] : [],
      ),
    ),
    execute: async attempt =>
      (await options.execute?.(attempt)) ??
      (attempt.step.type === 'workflow' &&
      !Object.hasOwn(steps, `${prefix}${attempt.step.name}`)
        ? runNested(options, attempt, path)
        : undefined),
  });
}

async function runNested(
  options: SimulateGoldenPathOptions,
  { step, config }: SimulatedAttempt,
  path: string[],
): Promise<SimulatedAnswer> {
  const name = String(config.workflow);
  const found = options.definitions.workflows.find(
    workflow => workflow.name === name,
  );
  if (!found) {
    return { fail: unknownWorkflow(name) };
  }
  const { values, issues } = validateCall(
    found.parameters,
    (config.parameters ?? {}) as JsonObject,
  );
  if (issues.length > 0) {
    return {
      fail: {
        code: 'PARAMETERS_INVALID',
        message: `Step "${step.name}" cannot call the workflow "${name}": ${issues.map(({ message }) => message).join('; ')}`,
      },
    };
  }
  if (path.length >= MAX_RUN_DEPTH) {
    return { fail: { code: 'STEP_FAILED', message: nestedTooDeep() } };
  }
  const { status, failure, outputs } = await simulateNested(options, {
    definition: found.definition,
    parameters: values,
    path: [...path, step.name],
  });
  return status === 'succeeded'
    ? { outputs }
    : {
        fail: {
          code: failure?.error.code ?? 'NESTED_RUN_ENDED',
          message: `The workflow "${name}" ended as ${status}: ${failure?.error.message ?? 'it waits for people'}`,
        },
      };
}
