import {
  childOf,
  keyDefault,
  keysOf,
  resolveSchema,
  Schema,
  shapeOf,
} from './schema';
import { StatusError } from './StatusError';
import { describeKey, Json, keyOf } from './typedObject';

const QUANTITY = '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$';
const BASE64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Refuses what cannot be read as the type of an object, with the words and the
 * status that servers use for it: server-side apply answers 500.
 */
export function checkTyped(schema: Schema, object: Json): void {
  const [problem] = problemsOf(schema, object, '');
  if (problem !== undefined) {
    throw new StatusError(
      500,
      '',
      `failed to create typed patch object: ${problem}`,
    );
  }
  const unreadable = object.kind === 'Secret' && badBase64(object.data);
  if (unreadable || hasBadQuantity(object)) {
    throw new StatusError(
      500,
      '',
      `failed to convert new object to proper version: unable to convert unstructured object to ${object.apiVersion.includes('/') ? '' : '/'}${object.apiVersion}, Kind=${object.kind}: ${
        unreadable
          ? 'error decoding from json: illegal base64 data'
          : `quantities must match the regular expression '${QUANTITY}'`
      }`,
    );
  }
}

function problemsOf(given: Schema, value: unknown, path: string): string[] {
  const schema = resolveSchema(given);
  if (value === null) {
    return [];
  }
  if (Array.isArray(value)) {
    if (schema.type !== 'array') {
      return [expected(schema, value, path)];
    }
    return listProblems(schema, value, path);
  }
  if (typeof value === 'object') {
    const { properties, additionalProperties } = schema;
    if (schema.type !== 'object') {
      return [expected(schema, value, path)];
    }
    if (!properties && !additionalProperties) {
      return [];
    }
    return Object.entries(value as Json).flatMap(([field, child]) => {
      const type = childOf(schema, field);
      return type === undefined
        ? [`${path}.${field}: field not declared in schema`]
        : problemsOf(type, child, `${path}.${field}`);
    });
  }
  const types = [schema.type ?? []].flat();
  const isNumber = typeof value === 'number';
  const fits =
    types.length === 0 ||
    types.includes(typeof value) ||
    (isNumber && types.includes('integer') && Number.isInteger(value));
  return fits ? [] : [expected(schema, value, path)];
}

function listProblems(schema: Schema, list: unknown[], path: string): string[] {
  const items = resolveSchema(schema.items ?? {});
  const keyed = shapeOf(schema, list) === 'list';
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    if (!keyed || typeof item !== 'object' || item === null) {
      return problemsOf(items, item, `${path}[${index}]`);
    }
    const left = keysOf(schema).find(
      key =>
        (item as Json)[key] === undefined &&
        keyDefault(items, key) === undefined,
    );
    if (left !== undefined) {
      return [
        `${path}: element ${index}: associative list with keys has an element that omits key field "${left}" (and doesn't have default value)`,
      ];
    }
    const key = keyOf(schema, item as Json);
    if (seen.has(key)) {
      return [`${path}: duplicate entries for key ${describeKey(key)}`];
    }
    seen.add(key);
    return problemsOf(items, item, `${path}${describeKey(key)}`);
  });
}

function expected(schema: Schema, value: unknown, path: string): string {
  const [type = 'map'] = [schema.type ?? []].flat();
  const names: Record<string, string> = {
    array: 'list',
    integer: 'numeric (int or float)',
    number: 'numeric (int or float)',
    object: 'map',
  };
  return `${path}: expected ${names[type] ?? type}, got &value.valueUnstructured{Value:${JSON.stringify(value)}}`;
}

function badBase64(data: Json | undefined): boolean {
  return Object.values(data ?? {}).some(value => !BASE64.test(value));
}

/** Quantities are what `limits`, `requests` and their like hold. */
function hasBadQuantity(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return Object.entries(value).some(([field, child]) =>
    ['limits', 'requests', 'hard'].includes(field) &&
    typeof child === 'object' &&
    child !== null &&
    !Array.isArray(child)
      ? Object.values(child).some(
          quantity => !new RegExp(QUANTITY).test(String(quantity)),
        )
      : hasBadQuantity(child),
  );
}
