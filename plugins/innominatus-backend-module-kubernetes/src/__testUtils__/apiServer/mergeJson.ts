import { Json } from './typedObject';

/** Absent and `null` are the same in what is applied. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, child]) => child !== null)
          .map(([field, child]) => [field, withoutNulls(child)]),
      )
    : value;
}

/** JSON merge patch (RFC 7386). */
export function mergeJson(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    return patch;
  }
  const base =
    typeof target === 'object' && target !== null && !Array.isArray(target)
      ? target
      : {};
  const result: Json = { ...base };
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[field];
    } else {
      result[field] = mergeJson(result[field], value);
    }
  }
  return result;
}
