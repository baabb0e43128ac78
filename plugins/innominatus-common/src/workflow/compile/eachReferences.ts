import { JsonValue } from '../../json';
import { Reference } from '../references';
import { StepDefinition } from '../types';
import { Place } from './place';
import { ReadStep } from './readStep';

/** Names that only a step with `forEach` knows. */
export function isEachName(name: string): boolean {
  return name === 'item' || name === 'index';
}

/** A name that something else has means that. */
export function isEachMisplaced(
  name: string,
  place: Place,
  known: {
    steps: ReadStep[];
    variables: Record<string, JsonValue>;
    parameters?: ReadonlySet<string>;
  },
): boolean {
  if (!isEachName(name) || place.each === 'notYet') {
    return isEachName(name);
  }
  const isDeclared =
    place.env.has(name) ||
    known.parameters?.has(name) ||
    Object.hasOwn(known.variables, name) ||
    known.steps.some(
      ({ definition }) =>
        definition.name === name ||
        Object.hasOwn(definition.setVariables, name),
    );
  return !isDeclared;
}

/** Why `${item}` or `${index}` has no meaning at a place. */
export function eachProblem(reference: Reference, place: Place): string {
  return place.each === 'notYet'
    ? `"${reference.raw}" in ${place.label} has no value here: conditions and items are worked out once, before the items begin, and "setVariables" once, after they ended. For items of items, call a workflow whose step has a "forEach" of its own.`
    : `"${reference.raw}" in ${place.label} has no value: only a step with "forEach" has an item. Add "forEach" to the step, or write "$${reference.raw}" for the text itself.`;
}

/** What to write instead of an output that a step with `forEach` has not. */
export function outputProblem(
  { name, forEach }: StepDefinition,
  path: string[],
  reference: Reference,
): string | undefined {
  const output = path[0] === 'outputs' ? path[1] : path[0];
  return forEach === undefined || output === undefined || output === 'items'
    ? undefined
    : `"${reference.raw}" cannot be resolved: step "${name}" has "forEach", so its one output is "items". Write "\${steps.${name}.outputs.items.0.${output}}" for that of the first item.`;
}
