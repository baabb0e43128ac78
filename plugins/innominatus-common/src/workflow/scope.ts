import { isSecretReference, JsonObject, JsonValue } from '../json';
import { secretPart } from './secretParts';
import { StepStatus } from './types';

/**
 * Everything a reference can point to at one moment of a run.
 *
 * @public
 */
export interface Scope {
  /** `item` and `index`, only in a step made by `forEach`. */
  each?: { item: JsonValue; index: number };
  /** `env` of the step, already interpolated. */
  env: Record<string, JsonValue>;
  /** Parameters the run was started with. */
  params: Record<string, JsonValue>;
  /** What optional parameters mean in a text when they were not given. */
  optional?: Record<string, JsonValue>;
  /** `setVariables` of the steps that ended before. */
  variables: Record<string, JsonValue>;
  /** `spec.variables`. */
  workflow: Record<string, JsonValue>;
  steps: Record<
    string,
    { status: StepStatus; outputs: Record<string, JsonValue> }
  >;
  resources: Record<string, Record<string, JsonValue>>;
  metadata: JsonObject;
  environment?: JsonObject;
  run?: JsonObject;
  app?: JsonObject;
}

/**
 * First words that a reference may start with.
 *
 * @public
 */
export const SCOPE_ROOTS = [
  'workflow',
  'params',
  'steps',
  'resources',
  'metadata',
  'environment',
  'run',
  'app',
] as const;

/** @public */
export type ScopeRoot = (typeof SCOPE_ROOTS)[number];

/**
 * What a reference was found to mean.
 *
 * @public
 */
export type Resolution =
  | { found: true; value: JsonValue }
  /** `rest` are the segments of `$a.b` that belong to the text around it. */
  | { found: true; value: JsonValue; rest: string[] }
  | { found: false; place: string; names: string[] };

export function isScopeRoot(word: string): word is ScopeRoot {
  return (SCOPE_ROOTS as readonly string[]).includes(word);
}

/**
 * Looks a reference up. Never reads the process environment.
 *
 * @public
 */
export function resolvePath(
  scope: Scope,
  path: string[],
  braced: boolean = true,
): Resolution {
  const [first, ...rest] = path;
  if (rest.length > 0 && isScopeRoot(first)) {
    return resolveRoot(scope, first, rest);
  }
  const isEach = scope.each !== undefined && Object.hasOwn(scope.each, first);
  if (rest.length > 0 && !isEach && Object.hasOwn(scope.steps, first)) {
    return stepOutput(scope, first, rest);
  }
  const layer = bareLayers(scope).find(names => Object.hasOwn(names, first));
  if (layer === undefined) {
    return {
      found: false,
      place: 'the variables',
      // Conditions ask for absent names all the time and never look at the others.
      get names() {
        return [...new Set(bareLayers(scope).flatMap(l => Object.keys(l)))];
      },
    };
  }
  const value = layer[first];
  if (rest.length === 0) {
    return lookUp(layer, [first], 'the variables');
  }
  if (!braced && (typeof value !== 'object' || value === null)) {
    // `$APP.tar.gz`: the name ends where it stops meaning something.
    return { found: true, value, rest };
  }
  return lookUp(value, rest, `"${first}"`);
}

/**
 * What a reference means that leads nowhere because it names an optional
 * parameter that was not given.
 */
export function optionalParameter(
  { optional = {} }: Scope,
  path: string[],
  braced: boolean,
): { value: JsonValue; rest: string[] } | undefined {
  const isRooted =
    path.length > 1 && (path[0] === 'params' || path[0] === 'workflow');
  const [name, ...rest] = isRooted ? path.slice(1) : path;
  // As in `resolvePath`: without braces the name ends where it means something.
  const isWhole = rest.length === 0 || (!braced && !isRooted);
  return isWhole && Object.hasOwn(optional, name)
    ? { value: optional[name], rest }
    : undefined;
}

function bareLayers(scope: Scope): Array<Record<string, JsonValue>> {
  const { each, env, params, variables, workflow } = scope;
  return [...(each ? [each] : []), env, params, variables, workflow];
}

function resolveRoot(
  scope: Scope,
  root: ScopeRoot,
  rest: string[],
): Resolution {
  switch (root) {
    case 'workflow': {
      // The run parameters of the original were workflow variables too.
      const layers = [scope.params, scope.variables, scope.workflow];
      const layer = layers.find(names => Object.hasOwn(names, rest[0]));
      return layer
        ? lookUp(layer, rest, '"workflow"')
        : {
            found: false,
            place: '"workflow"',
            names: [
              ...new Set([
                ...Object.keys(scope.variables),
                ...Object.keys(scope.workflow),
              ]),
            ],
          };
    }
    case 'steps':
      return Object.hasOwn(scope.steps, rest[0])
        ? stepOutput(scope, rest[0], rest.slice(1))
        : { found: false, place: '"steps"', names: Object.keys(scope.steps) };
    case 'resources': {
      const [name, ...path] = rest;
      if (!Object.hasOwn(scope.resources, name)) {
        return {
          found: false,
          place: '"resources"',
          names: Object.keys(scope.resources),
        };
      }
      return inOutputs(
        scope.resources[name],
        path,
        `the outputs of resource "${name}"`,
      );
    }
    default:
      return lookUp(scope[root] ?? {}, rest, `"${root}"`);
  }
}

function stepOutput(scope: Scope, name: string, path: string[]): Resolution {
  return inOutputs(
    scope.steps[name].outputs,
    path,
    `the outputs of step "${name}"`,
  );
}

function inOutputs(
  outputs: Record<string, JsonValue>,
  path: string[],
  place: string,
): Resolution {
  const short =
    path[0] === 'outputs' && !Object.hasOwn(outputs, 'outputs')
      ? path.slice(1)
      : path;
  return short.length === 0
    ? { found: true, value: outputs }
    : lookUp(outputs, short, place);
}

/** A key may itself contain dots, so the longest one is tried first. */
function lookUp(value: JsonValue, path: string[], place: string): Resolution {
  if (typeof value !== 'object' || value === null) {
    return { found: false, place, names: [] };
  }
  if (isSecretReference(value)) {
    const part = secretPart(value, path);
    return part
      ? { found: true, value: part }
      : { found: false, place, names: [] };
  }
  const object = value as JsonObject;
  for (let length = path.length; length > 0; length--) {
    const key = path.slice(0, length).join('.');
    if (
      Object.hasOwn(object, key) &&
      !(Array.isArray(value) && !/^\d+$/.test(key))
    ) {
      const child = object[key];
      if (length < path.length) {
        return lookUp(child, path.slice(length), `${place}, below "${key}"`);
      }
      if (child !== null && child !== undefined) {
        return { found: true, value: child };
      }
    }
  }
  return { found: false, place, names: Object.keys(object) };
}
