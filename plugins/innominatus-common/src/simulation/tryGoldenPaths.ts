import { Definitions } from '../definitions/readDefinitions';
import { JsonValue } from '../json';
import { formatDuration } from '../workflow/duration';
import { ParameterDefinition } from '../workflow/parameters';
import { impliedAnswers } from './impliedAnswers';
import { SimulatedGoldenPath, simulateGoldenPath } from './simulateGoldenPath';
import { SimulatedAnswer } from './simulateWorkflow';

/**
 * How a golden path went.
 *
 * @public
 */
export interface TriedGoldenPath {
  name: string;
  status: SimulatedGoldenPath['status'];
  parameters: Record<string, JsonValue>;
  /** Why it failed, in one sentence. */
  failure?: string;
  steps: SimulatedGoldenPath['steps'];
  outputs: SimulatedGoldenPath['outputs'];
}

/**
 * Runs every golden path once with nothing behind it: with the parameters that
 * are given, defaults, and for what is required a value made up from its rules.
 * People approve, steps answer whatever is asked of them.
 *
 * @public
 */
export async function tryGoldenPaths(options: {
  definitions: Definitions;
  /** Only these golden paths. */
  names?: readonly string[];
  /** In place of made up ones, where a golden path knows them. */
  parameters?: Record<string, JsonValue>;
}): Promise<TriedGoldenPath[]> {
  const { definitions, names, parameters: given = {} } = options;
  const tried: TriedGoldenPath[] = [];
  for (const goldenPath of definitions.goldenPaths) {
    const { name } = goldenPath.metadata;
    if (names && !names.includes(name)) {
      continue;
    }
    const parameters = sampleParameters(goldenPath.parameters, given);
    const { status, failure, steps, outputs } = await simulateGoldenPath({
      definitions,
      goldenPath: name,
      parameters,
      decide: 'approve',
      steps: answersOf(definitions, name),
    });
    tried.push({
      name,
      status,
      parameters,
      failure:
        failure &&
        `${failure.step ? `The step "${failure.step}" failed: ` : ''}${failure.error.message}`,
      steps,
      outputs,
    });
  }
  return tried;
}

/** Nested runs are run, so they answer for themselves. */
function answersOf(
  { goldenPaths }: Definitions,
  name: string,
): Record<string, SimulatedAnswer> {
  const goldenPath = goldenPaths.find(item => item.metadata.name === name)!;
  const { workflow } = goldenPath;
  const others = new Set(
    workflow.steps
      .filter(({ type }) => type !== 'workflow' && type !== 'approval')
      .map(step => step.name),
  );
  return Object.fromEntries(
    Object.entries(impliedAnswers(workflow)).filter(([step]) =>
      others.has(step),
    ),
  );
}

function sampleParameters(
  definitions: readonly ParameterDefinition[],
  given: Record<string, JsonValue>,
): Record<string, JsonValue> {
  return Object.fromEntries(
    definitions.flatMap(definition => {
      const { name, required } = definition;
      if (Object.hasOwn(given, name)) {
        return [[name, given[name]]];
      }
      return required && definition.default === undefined
        ? [[name, sampleOf(definition)]]
        : [];
    }),
  );
}

/** A pattern may ask for something else; then the answer says so. */
function sampleOf(definition: ParameterDefinition): JsonValue {
  const { type, allowedValues, min, max } = definition;
  const bound = min ?? max;
  switch (type) {
    case 'int':
      return min ?? Math.min(1, max ?? 1);
    case 'bool':
      return false;
    case 'duration':
      return bound === undefined
        ? '1h'
        : formatDuration(bound, { exact: true });
    case 'list':
      return Array(Math.max(1, min ?? 1)).fill(allowedValues?.[0] ?? 'sample');
    default:
      return (
        allowedValues?.[0] ??
        'sample'.padEnd(min ?? 0, '-sample').slice(0, max ?? undefined)
      );
  }
}
