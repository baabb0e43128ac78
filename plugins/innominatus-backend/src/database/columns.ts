/**
 * PostgreSQL hands `bigint` over as text, SQLite as number.
 */
export function toNumber(value: number | string | null): number {
  return Number(value ?? 0);
}

/** As {@link toNumber}, with `undefined` for an empty column. */
export function toOptionalNumber(
  value: number | string | null,
): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}

/** Reads a JSON column. */
export function fromJson<T>(value: string): T {
  return JSON.parse(value) as T;
}

/** As {@link fromJson}, with `undefined` for an empty column. */
export function fromOptionalJson<T>(value: string | null): T | undefined {
  return value === null || value === undefined
    ? undefined
    : (JSON.parse(value) as T);
}

/** Writes a JSON column that may be empty. */
export function toOptionalJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** RFC 3339 of milliseconds since the epoch. */
export function toTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}

/** As {@link toTimestamp}, with `undefined` for an empty column. */
export function toOptionalTimestamp(
  value: number | string | null,
): string | undefined {
  return value === null || value === undefined
    ? undefined
    : toTimestamp(Number(value));
}
