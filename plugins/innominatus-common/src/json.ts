/**
 * A value that survives `JSON.stringify` and back unchanged.
 *
 * @public
 */
export type JsonValue =
  string | number | boolean | null | JsonValue[] | JsonObject;

/**
 * A JSON object.
 *
 * @public
 */
export type JsonObject = { [key: string]: JsonValue };

/**
 * Stands in for a secret value wherever a value is stored or sent. The host
 * that runs a step exchanges it for the value just before it is needed.
 *
 * @public
 */
export type SecretReference = {
  /** Opaque address of the value, for example `resource/<id>/<output>`. */
  $secretRef: string;
};

/**
 * Tells whether a JSON value is a {@link SecretReference}.
 *
 * @public
 */
export function isSecretReference(value: unknown): value is SecretReference {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    typeof (value as { $secretRef?: unknown }).$secretRef === 'string'
  );
}

/**
 * Tells whether a value is nested too deeply for code that walks through it.
 * Goes level by level, so that it needs no stack itself.
 *
 * @public
 */
export function isDeeperThan(value: unknown, depth: number): boolean {
  let level = [value];
  for (let count = 0; level.length > 0; count += 1) {
    if (count > depth) {
      return true;
    }
    level = level.flatMap(item =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    );
  }
  return false;
}
