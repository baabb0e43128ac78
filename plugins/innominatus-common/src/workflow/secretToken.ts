import { joinJsonPointer } from '../diagnostics';

/**
 * Matches the markers that {@link secretToken} makes. The first group is the
 * encoded reference; read it with {@link readSecretToken}.
 *
 * @public
 */
export const SECRET_TOKEN_PATTERN =
  /__innominatus_secret_((?:[0-9a-f]{2})+)__/g;

/** Every marker contains it; text from outside must not. */
const SECRET_TOKEN_START = '__innominatus_secret_';

/**
 * Stands for a secret inside a text, for example a connection string in a
 * manifest.
 *
 * @remarks
 * Made of letters, digits and underscores only, so that it comes through YAML,
 * JSON, URL encoding and shell quoting unchanged.
 *
 * @public
 */
export function secretToken(ref: string): string {
  const hex = Array.from(new TextEncoder().encode(ref), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  return `${SECRET_TOKEN_START}${hex}__`;
}

/**
 * Reads the reference out of a whole marker or its first group.
 *
 * @public
 */
export function readSecretToken(token: string): string | undefined {
  const hex = token.startsWith(SECRET_TOKEN_START)
    ? token.slice(SECRET_TOKEN_START.length, -2)
    : token;
  if (!/^(?:[0-9a-f]{2})+$/.test(hex)) {
    return undefined;
  }
  const bytes = hex.match(/../g) ?? [];
  return new TextDecoder().decode(
    Uint8Array.from(bytes, byte => parseInt(byte, 16)),
  );
}

/**
 * Tells whether a text contains something that looks like a marker. Text that
 * comes from outside and does is refused: otherwise anyone could name a secret
 * and have it put in.
 *
 * @public
 */
export function containsSecretToken(text: string): boolean {
  return text.includes(SECRET_TOKEN_START);
}

/**
 * Looks for something in a value from outside (parameters, metadata, outputs
 * of a tool) that would be taken for a secret: a marker in a text, or an
 * object with the key `$secretRef`. Answers the JSON pointer of the first.
 *
 * @public
 */
export function findForgedSecret(
  value: unknown,
  pointer: string = '',
): string | undefined {
  if (typeof value === 'string') {
    return containsSecretToken(value) ? pointer : undefined;
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  for (const [key, child] of Object.entries(value)) {
    const at = joinJsonPointer(pointer, key);
    const found = key === '$secretRef' ? at : findForgedSecret(child, at);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
