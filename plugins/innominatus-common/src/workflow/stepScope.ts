import { JsonObject, JsonValue } from '../json';
import { interpolate, InterpolationError, valueToText } from './interpolate';
import { Scope } from './scope';
import { RunState, StepDefinition, StepItem } from './types';

/**
 * Gathers what the references of a step can point to. Without a step: what
 * the outputs of the workflow can point to.
 *
 * @remarks
 * Entries of `env` that cannot be resolved are left out, because a condition
 * may ask for them; {@link interpolateStep} fails on them.
 *
 * @public
 */
export function buildScope(
  state: Pick<
    RunState,
    'definition' | 'input' | 'steps' | 'variables' | 'resources'
  >,
  step?: Pick<StepDefinition, 'env' | 'item'>,
): Scope {
  const { input } = state;
  const scope: Scope = {
    ...(step?.item ? { each: eachOf(step.item) } : {}),
    env: {},
    params: input.parameters,
    optional: state.definition.optional,
    variables: state.variables,
    workflow: state.definition.variables,
    steps: state.steps,
    resources: state.resources,
    metadata: input.metadata,
    environment: input.environment,
    run: { id: input.run.id, number: input.run.number },
    app: input.app,
  };
  const env: Array<[string, JsonValue]> = [];
  for (const [name, template] of Object.entries(step?.env ?? {})) {
    try {
      env.push([name, interpolate(template, scope, `/env/${name}`)]);
    } catch (error) {
      if (!(error instanceof InterpolationError)) {
        throw error;
      }
    }
  }
  return env.length > 0 ? { ...scope, env: Object.fromEntries(env) } : scope;
}

/**
 * What `${item}` and `${index}` mean: an entry of a map has a key and a value.
 *
 * @public
 */
export function eachOf(item: StepItem): NonNullable<Scope['each']> {
  const { index, key, value } = item;
  return { index, item: key === undefined ? value : { key, value } };
}

/**
 * The parts of a step that its executor needs, references replaced. Throws an
 * {@link InterpolationError} that names the reference, the place and the names
 * that exist.
 *
 * @public
 */
export function interpolateStep(
  state: RunState,
  step: StepDefinition,
): { config: JsonObject; env: Record<string, string>; outputFile?: string } {
  if (step.undo) {
    // Replaced once already; what the values look like must not matter again.
    return { config: step.config, env: step.env };
  }
  const place = `/steps/${step.name}`;
  const outer = buildScope(state, { env: {}, item: step.item });
  const env = interpolate(step.env, outer, `${place}/env`) as JsonObject;
  const scope: Scope = { ...outer, env };
  return {
    config: interpolate(step.config, scope, `${place}/config`) as JsonObject,
    env: Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, valueToText(value)]),
    ),
    outputFile:
      step.outputFile === undefined
        ? undefined
        : valueToText(
            interpolate(step.outputFile, scope, `${place}/outputFile`),
          ),
  };
}

/**
 * Interpolates `setVariables` once the outputs of the step are known, so that
 * they can be named in it.
 *
 * @public
 */
export function interpolateSetVariables(options: {
  state: RunState;
  step: StepDefinition;
  outputs: Record<string, JsonValue>;
  resources?: Record<string, Record<string, JsonValue>>;
}): Record<string, JsonValue> {
  const { state, step } = options;
  const scope = buildScope(state, step);
  return interpolate(
    step.setVariables,
    {
      ...scope,
      steps: {
        ...scope.steps,
        [step.name]: { status: 'succeeded', outputs: options.outputs },
      },
      resources: { ...scope.resources, ...options.resources },
    },
    `/steps/${step.name}/setVariables`,
  ) as Record<string, JsonValue>;
}
