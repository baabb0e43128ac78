import { isDeepStrictEqual } from 'node:util';
import { FieldSet, isEmpty } from './fieldSets';
import {
  childOf,
  keyDefault,
  keysOf,
  resolveSchema,
  Schema,
  shapeOf,
} from './schema';

export type Json = Record<string, any>;

/** What no manager owns. */
const IDENTITY = ['apiVersion', 'kind'];
const SERVER_METADATA = [
  'creationTimestamp',
  'generation',
  'managedFields',
  'name',
  'namespace',
  'resourceVersion',
  'uid',
];

/** The part of an object that managers own. */
export function ownable(object: Json): Json {
  const { metadata = {}, ...rest } = without(object, IDENTITY);
  const own = without(metadata, SERVER_METADATA);
  return Object.keys(own).length > 0 ? { metadata: own, ...rest } : rest;
}

/** The fields that applying a value owns. */
export function fieldsOf(given: Schema, value: unknown): FieldSet {
  const schema = resolveSchema(given);
  switch (shapeOf(schema, value)) {
    case 'struct':
      return fromEntries(
        Object.entries(value as Json)
          .filter(([, child]) => !isEmptyStruct(schema, child))
          .map(([field, child]) => [
            `f:${field}`,
            fieldsOf(childOf(schema, field) ?? {}, child),
          ]),
      );
    case 'set':
      return fromEntries(
        (value as unknown[]).map(item => [`v:${JSON.stringify(item)}`, {}]),
      );
    case 'list':
      return fromEntries(
        (value as Json[]).map(item => [
          keyOf(schema, item),
          { '.': {}, ...fieldsOf(schema.items ?? {}, item) },
        ]),
      );
    default:
      return {};
  }
}

/** Puts what is applied over what is there, field by field and item by item. */
export function mergeValues(
  given: Schema,
  live: unknown,
  applied: unknown,
): unknown {
  const schema = resolveSchema(given);
  const shape = shapeOf(schema, applied);
  if (shape === 'atomic' || shape !== shapeOf(schema, live)) {
    return JSON.parse(JSON.stringify(applied));
  }
  if (shape === 'struct') {
    const result: Json = { ...(live as Json) };
    for (const [field, child] of Object.entries(applied as Json)) {
      result[field] = mergeValues(
        childOf(schema, field) ?? {},
        result[field],
        child,
      );
    }
    return result;
  }
  const nameOf = (item: unknown) =>
    shape === 'set' ? JSON.stringify(item) : keyOf(schema, item as Json);
  const items = new Map((live as unknown[]).map(item => [nameOf(item), item]));
  for (const item of applied as unknown[]) {
    const name = nameOf(item);
    items.set(name, mergeValues(schema.items ?? {}, items.get(name), item));
  }
  return [...items.values()];
}

/** Takes fields out; what is left empty goes as well. */
export function removeFields(
  given: Schema,
  value: unknown,
  fields: FieldSet,
): unknown {
  const schema = resolveSchema(given);
  const shape = shapeOf(schema, value);
  if (isEmpty(fields) || shape === 'atomic') {
    return undefined;
  }
  if (shape === 'struct') {
    const entries = Object.entries(value as Json).flatMap(([field, child]) => {
      const taken = fields[`f:${field}`];
      const rest = taken
        ? removeFields(childOf(schema, field) ?? {}, child, taken)
        : child;
      return rest === undefined ? [] : [[field, rest] as const];
    });
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
  const items = (value as unknown[]).flatMap(item => {
    const name =
      shape === 'set'
        ? `v:${JSON.stringify(item)}`
        : keyOf(schema, item as Json);
    const taken = fields[name];
    if (taken === undefined) {
      return [item];
    }
    return isEmpty(taken) || '.' in taken
      ? []
      : [removeFields(schema.items ?? {}, item, taken)];
  });
  return items.length > 0 ? items : undefined;
}

/** Where two values differ, of the fields of a set. */
export function differencesOf(
  given: Schema,
  options: { left: unknown; right: unknown; fields: FieldSet; path?: string },
): string[] {
  const { left, right, fields, path = '' } = options;
  const schema = resolveSchema(given);
  const shape = shapeOf(schema, right);
  if (isEmpty(fields) || shape === 'atomic' || shape === 'set') {
    return isDeepStrictEqual(left, right) ? [] : [path];
  }
  return Object.entries(fields).flatMap(([key, children]) => {
    if (key === '.') {
      return [];
    }
    const field = key.slice(2);
    const [child, place] =
      shape === 'struct'
        ? [childOf(schema, field), `${path}.${field}`]
        : [schema.items, `${path}${describeKey(key)}`];
    const pick = (value: unknown) =>
      shape === 'struct'
        ? (value as Json | undefined)?.[field]
        : (value as Json[] | undefined)?.find(
            item => keyOf(schema, item) === key,
          );
    return differencesOf(child ?? {}, {
      left: pick(left),
      right: pick(right),
      fields: children,
      path: place,
    });
  });
}

/** `k:{"name":"web"}` */
export function keyOf(list: Schema, item: Json): string {
  const items = resolveSchema(list.items ?? {});
  const keys = keysOf(list).map(key => [
    key,
    item[key] ?? keyDefault(items, key),
  ]);
  return `k:${JSON.stringify(Object.fromEntries(keys))}`;
}

/** `[name="web"]` */
export function describeKey(key: string): string {
  const keys = Object.entries(JSON.parse(key.slice(2)));
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}

function isEmptyStruct(parent: Schema, child: unknown): boolean {
  // Whether an empty map is there or not is nobody's field.
  return (
    typeof child === 'object' &&
    child !== null &&
    Object.keys(child).length === 0 &&
    shapeOf(parent, child) === 'struct'
  );
}

function fromEntries(entries: Array<[string, FieldSet]>): FieldSet {
  return Object.fromEntries(entries.filter(([key]) => key !== ''));
}

function without(object: Json, fields: string[]): Json {
  return Object.fromEntries(
    Object.entries(object).filter(([field]) => !fields.includes(field)),
  );
}
