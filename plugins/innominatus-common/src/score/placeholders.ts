import { isSecretReference, JsonObject, JsonValue } from '../json';
import { secretPart } from '../workflow/secretParts';

/**
 * One placeholder in a text.
 *
 * @public
 */
export interface Placeholder {
  /** As written, for example `${resources.db.host}`. */
  raw: string;
  /** Without `${` and `}`. */
  ref: string;
  /** The reference cut at its dots; `\.` is a dot inside a part. */
  parts: string[];
  /** Place in the text. */
  start: number;
  end: number;
}

/**
 * Gives the value of a reference such as `resources.db.host`, or throws a
 * {@link PlaceholderError}.
 *
 * @public
 */
export type PlaceholderResolver = (ref: string) => JsonValue;

/**
 * Thrown when a placeholder cannot be replaced.
 *
 * @public
 */
export class PlaceholderError extends Error {
  readonly ref: string;

  constructor(ref: string, reason: string) {
    super(`invalid ref '${ref}': ${reason}`);
    this.name = 'PlaceholderError';
    this.ref = ref;
  }
}

/**
 * Finds the placeholders of a text; escaped ones are none.
 *
 * @public
 */
export function findPlaceholders(text: string): Placeholder[] {
  const found: Placeholder[] = [];
  for (const { start, end, ref } of scan(text)) {
    if (ref !== undefined) {
      found.push({
        raw: text.slice(start, end),
        ref,
        parts: splitRefParts(ref),
        start,
        end,
      });
    }
  }
  return found;
}

// Finds what `/\$((?:\$?\{([^}]*)\})|\$)/g` finds, the expression of the
// reference implementation. A backtracking engine takes quadratic time on it
// when the braces stay open; looking for the last brace once avoids that.
function* scan(
  text: string,
): Generator<{ start: number; end: number; ref?: string }> {
  const lastBrace = text.lastIndexOf('}');
  let start = text.indexOf('$');
  while (start >= 0) {
    const escaped = text[start + 1] === '$';
    const brace = escaped ? start + 2 : start + 1;
    let end = start + 1;
    if (text[brace] === '{' && brace < lastBrace) {
      end = text.indexOf('}', brace) + 1;
      yield escaped
        ? { start, end }
        : { start, end, ref: text.slice(brace + 1, end - 1) };
    } else if (escaped) {
      end = start + 2;
      yield { start, end };
    }
    start = text.indexOf('$', end);
  }
}

/**
 * Cuts a reference at its dots; `\.` stands for a dot inside a part.
 *
 * @public
 */
export function splitRefParts(ref: string): string[] {
  return ref.split(/(?<!\\)\./).map(part => part.replace(/\\\./g, '.'));
}

/**
 * Replaces the placeholders of a text by Score's rules: one pass, `$$` is a
 * literal `$`, `$${x}` a literal `${x}`, and values that are no strings become
 * JSON text.
 *
 * @public
 */
export function substitute(text: string, resolve: PlaceholderResolver): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, ref } of scan(text)) {
    pieces.push(
      text.slice(at, start),
      ref === undefined
        ? text.slice(start + 1, end)
        : toPlaceholderText(resolve(ref)),
    );
    at = end;
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}

/**
 * Replaces the placeholders in every string of a JSON value. Keys stay.
 *
 * @public
 */
export function substituteDeep<T extends JsonValue>(
  value: T,
  resolve: PlaceholderResolver,
): T;
export function substituteDeep(
  value: JsonValue,
  resolve: PlaceholderResolver,
): JsonValue {
  if (typeof value === 'string') {
    return substitute(value, resolve);
  }
  if (Array.isArray(value)) {
    return value.map(item => substituteDeep(item, resolve));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        substituteDeep(item, resolve),
      ]),
    );
  }
  return value;
}

/**
 * Escapes a text so that {@link substitute} gives it back unchanged.
 *
 * @public
 */
export function escapePlaceholders(text: string): string {
  return text.replace(/\$/g, '$$$$');
}

/**
 * Outputs of a resource: a map, or a lookup by path for outputs that are
 * computed.
 *
 * @public
 */
export type ResourceOutputs =
  JsonObject | ((path: readonly string[]) => JsonValue);

/**
 * Makes a resolver over the metadata of a workload and the outputs of its
 * resources. `${resources.name}` alone gives the name back.
 *
 * @public
 */
export function createPlaceholderResolver(context: {
  metadata: JsonObject;
  resources: Record<string, ResourceOutputs>;
}): PlaceholderResolver {
  return ref => {
    const [root, ...path] = splitRefParts(ref);
    if (root === 'metadata') {
      if (path.length === 0) {
        throw new PlaceholderError(
          ref,
          'requires at least a metadata key to lookup',
        );
      }
      return lookup(ref, context.metadata, path);
    }
    if (root === 'resources') {
      if (path.length === 0) {
        throw new PlaceholderError(
          ref,
          'requires at least a resource name to lookup',
        );
      }
      const [name, ...keys] = path;
      if (!Object.hasOwn(context.resources, name)) {
        throw new PlaceholderError(ref, `no known resource '${name}'`);
      }
      if (keys.length === 0) {
        return name;
      }
      const outputs = context.resources[name];
      return typeof outputs === 'function'
        ? outputs(keys)
        : lookup(ref, outputs, keys);
    }
    throw new PlaceholderError(
      ref,
      'unknown reference root, use $$ to escape the substitution',
    );
  };
}

function lookup(
  ref: string,
  root: JsonObject,
  path: readonly string[],
): JsonValue {
  let current: JsonValue = root;
  for (const [index, key] of path.entries()) {
    const part = isSecretReference(current)
      ? secretPart(current, path.slice(index))
      : undefined;
    if (part) {
      return part;
    }
    if (
      typeof current !== 'object' ||
      current === null ||
      Array.isArray(current)
    ) {
      throw new PlaceholderError(
        ref,
        `cannot lookup key '${key}', context is not a map`,
      );
    }
    if (!Object.hasOwn(current, key)) {
      throw new PlaceholderError(ref, `key '${key}' not found`);
    }
    current = current[key];
  }
  return current;
}

/**
 * A placeholder's value inside a text: strings as they are, everything else
 * as JSON with sorted keys, so that the text is the same in every run.
 *
 * @public
 */
export function toPlaceholderText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(sortKeys(value));
}

function sortKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    return value.map(sortKeys);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map(key => [key, sortKeys(value[key])]),
    );
  }
  return value;
}
