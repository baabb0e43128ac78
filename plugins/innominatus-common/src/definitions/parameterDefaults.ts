import { JsonObject, JsonValue } from '../json';

/**
 * Fills in what the JSON Schema of a resource type says parameters are when
 * the Score spec does not say it. Only `default` below `properties` counts.
 *
 * @public
 */
export function withParameterDefaults(
  schema: JsonObject | undefined,
  params: JsonObject,
): JsonObject {
  const properties = schema?.properties;
  if (!isObject(properties)) {
    return params;
  }
  const result: JsonObject = { ...params };
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property)) {
      continue;
    }
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined && property.default !== undefined) {
      result[name] = structuredClone(property.default);
    } else if (isObject(value)) {
      result[name] = withParameterDefaults(property, value);
    }
  }
  return result;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
