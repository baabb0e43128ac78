import { JsonObject, JsonValue } from '../json';
import { isJsonMap } from './isJsonMap';
import { isForbiddenKey } from './limits';
import { readYaml } from './readYaml';

/**
 * Thrown when an override does not fit the document.
 *
 * @public
 */
export class OverrideError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OverrideError';
  }
}

/**
 * Merges overrides into a document: maps deeply, everything else is replaced,
 * `null` deletes. The document stays as it is.
 *
 * @public
 */
export function mergeOverrides(
  document: JsonObject,
  overrides: JsonObject,
): JsonObject {
  const merged: JsonObject = { ...document };
  for (const [key, value] of Object.entries(overrides)) {
    assertKey(key);
    const existing = Object.hasOwn(merged, key) ? merged[key] : undefined;
    if (value === null) {
      delete merged[key];
    } else if (isJsonMap(value)) {
      merged[key] = mergeOverrides(isJsonMap(existing) ? existing : {}, value);
    } else {
      merged[key] = value;
    }
  }
  return merged;
}

/**
 * Cuts a path such as `a.b\.c.0` at its dots; `\.` is a dot inside a part and
 * `\\` a backslash.
 *
 * @public
 */
export function parseDotPath(path: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < path.length; at += 1) {
    const next = path[at + 1];
    if (path[at] === '\\' && (next === '.' || next === '\\')) {
      part += next;
      at += 1;
    } else if (path[at] === '.') {
      parts.push(part);
      part = '';
    } else {
      part += path[at];
    }
  }
  return [...parts, part];
}

/**
 * A document with one value set, appended (index `-1`) or, with `undefined`,
 * deleted. Maps on the way are made. The document stays as it is.
 *
 * @public
 */
export function setPath(
  document: JsonObject,
  path: readonly string[],
  value: JsonValue | undefined,
): JsonObject {
  if (path.length === 0) {
    throw new OverrideError('the path has no parts');
  }
  const [key, ...rest] = path;
  assertKey(key);
  const result: JsonObject = { ...document };
  if (rest.length === 0) {
    if (value === undefined) {
      delete result[key];
    } else {
      result[key] = value;
    }
    return result;
  }
  const existing = Object.hasOwn(result, key) ? result[key] : {};
  result[key] = within(key, () => setInside(existing, rest, value));
  return result;
}

/**
 * Applies one `path=value` assignment. The value is read as YAML; nothing
 * after the `=` deletes the path.
 *
 * @public
 */
export function applyOverrideProperty(
  document: JsonObject,
  assignment: string,
): JsonObject {
  const at = assignment.indexOf('=');
  if (at < 1) {
    throw new OverrideError(
      `"${assignment}" is no assignment; write path=value, for example containers.main.image=nginx:1.27`,
    );
  }
  const path = parseDotPath(assignment.slice(0, at));
  const text = assignment.slice(at + 1);
  if (text === '') {
    return setPath(document, path, undefined);
  }
  const { value, diagnostics } = readYaml(text);
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error !== undefined) {
    throw new OverrideError(
      `the value of "${assignment.slice(0, at)}" cannot be read: ${error.message}`,
    );
  }
  return setPath(document, path, value ?? undefined);
}

function setInside(
  target: JsonValue,
  path: readonly string[],
  value: JsonValue | undefined,
): JsonValue {
  if (Array.isArray(target)) {
    return setInArray(target, path, value);
  }
  if (isJsonMap(target)) {
    return setPath(target, path, value);
  }
  throw new OverrideError(
    `cannot set '${path[0]}': the value there is neither a map nor an array`,
  );
}

function setInArray(
  target: readonly JsonValue[],
  path: readonly string[],
  value: JsonValue | undefined,
): JsonValue[] {
  const [key, ...rest] = path;
  if (!/^[+-]?\d{1,9}$/.test(key)) {
    throw new OverrideError(`failed to parse '${key}' as array index`);
  }
  const index = Number(key);
  const appends = index === -1 && !(rest.length === 0 && value === undefined);
  if (!appends && (index < 0 || index >= target.length)) {
    throw new OverrideError(`cannot set '${key}' in array: out of range`);
  }
  const result = [...target];
  if (rest.length === 0) {
    if (appends) {
      result.push(value ?? null);
    } else if (value === undefined) {
      result.splice(index, 1);
    } else {
      result[index] = value;
    }
    return result;
  }
  const changed = within(key, () =>
    setInside(appends ? {} : target[index], rest, value),
  );
  if (appends) {
    result.push(changed);
  } else {
    result[index] = changed;
  }
  return result;
}

function within<T>(key: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof OverrideError) {
      throw new OverrideError(`${key}: ${error.message}`);
    }
    throw error;
  }
}

function assertKey(key: string): void {
  if (isForbiddenKey(key)) {
    throw new OverrideError(`the key "${key}" is not allowed`);
  }
}
