/**
 * Makes a JSON pointer (RFC 6901) out of keys and indexes.
 *
 * @public
 */
export function toJsonPointer(path: ReadonlyArray<PropertyKey>): string {
  return path.map(part => `/${escapePointerPart(String(part))}`).join('');
}

/**
 * Appends keys and indexes to a JSON pointer.
 *
 * @public
 */
export function joinJsonPointer(
  pointer: string,
  ...path: ReadonlyArray<PropertyKey>
): string {
  return pointer + toJsonPointer(path);
}

/**
 * Splits a JSON pointer (RFC 6901) into its unescaped parts.
 *
 * @public
 */
export function parseJsonPointer(pointer: string): string[] {
  if (pointer === '') {
    return [];
  }
  return pointer
    .slice(1)
    .split('/')
    .map(part => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function escapePointerPart(part: string): string {
  return part.replace(/~/g, '~0').replace(/\//g, '~1');
}
