import {
  JsonObject,
  JsonValue,
  ValueChange,
} from '@innominatus/backstage-plugin-innominatus-common';

const MASK = '••••';

/**
 * Hides the values of parameters whose schema says that they are secret: by
 * `writeOnly`, or by the format `password`.
 */
export function maskChanges(
  changes: ValueChange[],
  schema: JsonObject | undefined,
): ValueChange[] {
  return schema === undefined
    ? changes
    : changes.map(change =>
        isSecret(schema, change.path.split('.'))
          ? {
              path: change.path,
              ...(change.before === undefined ? {} : { before: MASK }),
              ...(change.after === undefined ? {} : { after: MASK }),
            }
          : change,
      );
}

function isSecret(schema: JsonValue | undefined, path: string[]): boolean {
  if (!isObject(schema)) {
    return false;
  }
  if (schema.writeOnly === true || schema.format === 'password') {
    return true;
  }
  const [name, ...rest] = path;
  if (name === undefined) {
    return false;
  }
  const { properties, items } = schema;
  const child =
    isObject(properties) && Object.hasOwn(properties, name)
      ? properties[name]
      : items;
  return isSecret(child, rest);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
