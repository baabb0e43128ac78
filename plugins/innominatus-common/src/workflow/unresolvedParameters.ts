import { JsonValue } from '../json';
import { findReferences } from './references';
import { StepDefinition, WorkflowDefinition } from './types';

/**
 * A parameter that is referred to and has no value.
 *
 * @public
 */
export interface UnresolvedParameter {
  /** The reference as written. */
  reference: string;
  /** For people, for example `step "deploy"`. */
  place: string;
  /** JSON pointer below the place. */
  pointer: string;
  /** Names of the parameters that there are. */
  names: string[];
}

/**
 * Finds references to parameters that a run would certainly fail at, now that
 * the values are known that it would be started with.
 *
 * @remarks
 * A step that a condition or the success of others may skip is left to the
 * run: it may be written for exactly the case that the parameter is missing.
 *
 * @public
 */
export function findUnresolvedParameters(
  definition: WorkflowDefinition,
  parameters: Record<string, JsonValue>,
): UnresolvedParameter[] {
  const found = referencesOf(definition);
  if (found.length === 0) {
    return [];
  }
  // Optional ones that are not given are empty, which is a value.
  const known = { ...definition.optional, ...parameters };
  const names = Object.keys(known).sort();
  return found
    .filter(({ parameter }) => !Object.hasOwn(known, parameter))
    .map(({ reference, place, pointer }) => ({
      reference,
      place,
      pointer,
      names,
    }));
}

interface ParameterReference extends Omit<UnresolvedParameter, 'names'> {
  parameter: string;
}

/** A definition never changes, and many runs are started with it. */
const knownReferences = new WeakMap<WorkflowDefinition, ParameterReference[]>();

function referencesOf(definition: WorkflowDefinition): ParameterReference[] {
  const found = knownReferences.get(definition) ?? findReferencesOf(definition);
  knownReferences.set(definition, found);
  return found;
}

function findReferencesOf(
  definition: WorkflowDefinition,
): ParameterReference[] {
  const look = (value: JsonValue, place: string): ParameterReference[] =>
    findReferences(value)
      .filter(
        ({ reference: { path } }) => path[0] === 'params' && path.length > 1,
      )
      .map(({ reference: { raw, path }, pointer }) => ({
        reference: raw,
        parameter: path[1],
        place,
        pointer,
      }));
  const { concurrency, outputs } = definition;
  return [
    ...look({ group: concurrency?.group ?? '' }, '"concurrency"'),
    ...definition.steps
      .filter(isCertain)
      .flatMap(step => look(templatesOf(step), `step "${step.name}"`)),
    ...look({ ...outputs }, 'the outputs of the workflow'),
  ];
}

function isCertain(step: StepDefinition): boolean {
  return (
    step.if === undefined &&
    step.unless === undefined &&
    step.when !== 'on_failure' &&
    step.undo === undefined
  );
}

function templatesOf(step: StepDefinition): JsonValue {
  const { env, config, setVariables, outputFile = '', forEach } = step;
  return {
    env: { ...env },
    config,
    setVariables: { ...setVariables },
    outputFile,
    forEach: forEach?.items ?? null,
  };
}
