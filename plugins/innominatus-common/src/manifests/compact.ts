import { JsonObject, JsonValue } from '../json';

/** Leaves out the keys without a value. */
export function compact(
  object: Record<string, JsonValue | undefined>,
): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(
      (entry): entry is [string, JsonValue] => entry[1] !== undefined,
    ),
  );
}

/** Sorted by key; plain comparison, so that no locale changes the order. */
export function sortedEntries<T>(
  record: Record<string, T>,
): Array<[string, T]> {
  return Object.entries(record).sort(([a], [b]) => compareText(a, b));
}

export function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
