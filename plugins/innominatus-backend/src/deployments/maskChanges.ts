import {
  JsonObject,
  JsonValue,
  ValueChange,
} from '@innominatus/backstage-plugin-innominatus-common';

const MASK = '••••';
/** Schemas may refer to themselves. */
const MOST_LOOKED_AT = 10_000;

/**
 * Hides the values of parameters whose schema says that they are secret: by
 * `writeOnly`, or by the format `password`. Where a path can mean several
 * things, one that is secret is enough.
 */
export function maskChanges(
  changes: ValueChange[],
  schema: JsonObject | undefined,
): ValueChange[] {
  return schema === undefined
    ? changes
    : changes.map(change =>
        isSecret(schema, change.path)
          ? {
              path: change.path,
              ...(change.before === undefined ? {} : { before: MASK }),
              ...(change.after === undefined ? {} : { after: MASK }),
            }
          : change,
      );
}

function isSecret(root: JsonObject, path: string): boolean {
  const seen = new Set<string>();
  const ids = new Map<JsonObject, number>();
  const look = (schema: JsonValue | undefined, left: string): boolean => {
    if (!isObject(schema)) {
      return false;
    }
    const id = ids.get(schema) ?? ids.size;
    ids.set(schema, id);
    const place = `${id} ${left}`;
    if (seen.has(place)) {
      return false;
    }
    seen.add(place);
    return (
      // What cannot be looked through to the end is not shown.
      seen.size > MOST_LOOKED_AT ||
      schema.writeOnly === true ||
      schema.format === 'password' ||
      formsOf(schema, root).some(form => look(form, left)) ||
      childrenOf(schema, left).some(child => look(child.schema, child.left))
    );
  };
  return look(root, path);
}

/** Other schemas that hold for the same value. */
function formsOf(
  schema: JsonObject,
  root: JsonObject,
): Array<JsonValue | undefined> {
  const {
    $ref,
    allOf,
    anyOf,
    oneOf,
    if: condition,
    then,
    else: other,
  } = schema;
  return [
    ...[allOf, anyOf, oneOf].flatMap(forms =>
      Array.isArray(forms) ? forms : [],
    ),
    condition,
    then,
    other,
    typeof $ref === 'string' ? resolve($ref, root) : undefined,
  ];
}

/** References into the same schema; others are never followed. */
function resolve(reference: string, root: JsonObject): JsonValue | undefined {
  if (!reference.startsWith('#')) {
    return undefined;
  }
  let found: JsonValue | undefined = root;
  for (const part of reference.slice(1).split('/').slice(1)) {
    const name = part.replace(/~1/g, '/').replace(/~0/g, '~');
    if (typeof found !== 'object' || found === null) {
      return undefined;
    }
    found = Object.hasOwn(found, name)
      ? (found as JsonObject)[name]
      : undefined;
  }
  return found;
}

/**
 * Schemas of what lies below. A name may hold dots itself, so every cut is
 * tried.
 */
function childrenOf(
  schema: JsonObject,
  path: string,
): Array<{ schema: JsonValue | undefined; left: string }> {
  if (path === '') {
    return [];
  }
  const parts = path.split('.');
  return parts.flatMap((_, index) => {
    const name = parts.slice(0, index + 1).join('.');
    const left = parts.slice(index + 1).join('.');
    return below(schema, name).map(child => ({ schema: child, left }));
  });
}

function below(schema: JsonObject, name: string): Array<JsonValue | undefined> {
  const { properties, patternProperties, prefixItems, items } = schema;
  return [
    isObject(properties) && Object.hasOwn(properties, name)
      ? properties[name]
      : undefined,
    // Any of them: a pattern too many hides a value too many, and no more.
    ...(isObject(patternProperties) ? Object.values(patternProperties) : []),
    schema.additionalProperties,
    ...[prefixItems, items].flatMap(item => (Array.isArray(item) ? item : [])),
    Array.isArray(items) ? undefined : items,
    schema.additionalItems,
  ];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
