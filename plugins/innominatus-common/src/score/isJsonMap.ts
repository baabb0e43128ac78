import { JsonObject, JsonValue } from '../json';

export function isJsonMap(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
