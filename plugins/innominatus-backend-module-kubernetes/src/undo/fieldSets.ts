import {
  isDeeperThan,
  JsonObject,
  JsonValue,
} from '@innominatus/backstage-plugin-innominatus-common';
import { LiveObject } from '../cluster/ClusterClient';

/**
 * Fields of an object as the server writes them down in `managedFields`: `f:`
 * is a field, `k:` an item of a list by its keys, `v:` an item by its value,
 * `i:` by its place, and `.` stands for the place itself.
 */
export interface FieldSet {
  [path: string]: FieldSet;
}

/** Who manages fields of an object, and which. */
export interface FieldManager {
  manager: string;
  operation: string;
  fields: FieldSet;
}

const MAX_DEPTH = 64;

/** Who manages what of an object; nothing of an old server that does not say. */
export function managersOf(object: LiveObject): FieldManager[] {
  const { managedFields } = object.metadata as { managedFields?: unknown };
  const entries: JsonObject[] = Array.isArray(managedFields)
    ? managedFields
    : [];
  return entries.map(({ manager, operation, fieldsV1 }) => ({
    manager: String(manager),
    operation: String(operation),
    fields: isFieldSet(fieldsV1) ? fieldsV1 : {},
  }));
}

/** The fields of either of two sets. */
export function uniteFields(left: FieldSet, right: FieldSet): FieldSet {
  const all = { ...left };
  for (const [path, children] of Object.entries(right)) {
    all[path] = Object.hasOwn(left, path)
      ? uniteFields(left[path], children)
      : children;
  }
  return all;
}

/** The part of a value that the fields name. */
export function pickFields(
  value: JsonValue | undefined,
  fields: FieldSet,
): JsonValue | undefined {
  const paths = Object.keys(fields).filter(path => path !== '.');
  const isLeaf = paths.length === 0 && !('.' in fields);
  if (isLeaf || typeof value !== 'object' || value === null) {
    return value;
  }
  return Array.isArray(value)
    ? pickItems(value, fields)
    : pickMembers(value, fields);
}

function pickMembers(object: JsonObject, fields: FieldSet): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, child]) => {
      const path = `f:${name}`;
      // Nobody manages an empty map, and yet it can be the whole point.
      const picked = Object.hasOwn(fields, path)
        ? pickFields(child, fields[path])
        : emptyMap(child);
      return picked === undefined ? [] : [[name, picked]];
    }),
  );
}

function pickItems(list: JsonValue[], fields: FieldSet): JsonValue[] {
  const byKeys = Object.keys(fields)
    .filter(path => path.startsWith('k:'))
    .map(path => ({
      keys: readKeys(path.slice(2)),
      children: fields[path],
    }));
  return list.flatMap((item, index) => {
    const isNamed =
      Object.hasOwn(fields, `v:${JSON.stringify(item)}`) ||
      Object.hasOwn(fields, `i:${index}`);
    if (isNamed) {
      return [item];
    }
    const found = byKeys.find(({ keys }) => hasKeys(item, keys));
    if (found === undefined) {
      return [];
    }
    const picked = pickFields(item, found.children) as JsonObject;
    const keys = Object.keys(found.keys).filter(key =>
      Object.hasOwn(item as JsonObject, key),
    );
    return [
      {
        ...Object.fromEntries(
          keys.map(key => [key, (item as JsonObject)[key]]),
        ),
        ...picked,
      },
    ];
  });
}

function hasKeys(item: JsonValue, keys: JsonObject): boolean {
  return (
    typeof item === 'object' &&
    item !== null &&
    !Array.isArray(item) &&
    Object.entries(keys).every(([key, value]) => item[key] === value)
  );
}

function readKeys(text: string): JsonObject {
  try {
    const keys: unknown = JSON.parse(text);
    return typeof keys === 'object' && keys !== null
      ? (keys as JsonObject)
      : {};
  } catch {
    return {};
  }
}

function emptyMap(value: JsonValue): JsonValue | undefined {
  const isEmpty =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === 0;
  return isEmpty ? value : undefined;
}

function isFieldSet(value: unknown): value is FieldSet {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !isDeeperThan(value as JsonValue, MAX_DEPTH)
  );
}
