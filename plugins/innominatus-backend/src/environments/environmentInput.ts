import {
  Environment,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';

/**
 * What runs, steps and templates see of an environment: flat, with the type of
 * the target under `target`, and its settings and the variables beside it.
 */
export function environmentInput(environment: Environment): {
  name: string;
  type: string;
  [key: string]: JsonValue;
} {
  const { type: target, ...settings } = environment.target;
  const known = Object.entries(settings).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ...environment.variables,
    ...Object.fromEntries(known),
    name: environment.name,
    type: environment.type,
    target,
  };
}
