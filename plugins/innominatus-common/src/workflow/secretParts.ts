import { JsonObject, JsonValue, SecretReference } from '../json';

/**
 * Ends the address of a secret that is not a text but JSON. What follows it are
 * the keys of a part, each after a slash and URL-encoded.
 */
const JSON_MARK = '#json';

/** A port or a flag inside of a secret would hide half of every log. */
const SHORTEST_LEAF = 6;

/**
 * Address of a secret with a structure, or a type that is not text.
 *
 * @public
 */
export function jsonSecretAddress(address: string): string {
  return `${textSecretAddress(address)}${JSON_MARK}`;
}

/**
 * Address of a secret that is a text, whatever the name of its output is.
 *
 * @public
 */
export function textSecretAddress(address: string): string {
  return address.replaceAll('#', '%23');
}

/**
 * Refers to a part of a secret with a structure, as `${db.credentials.user}`
 * does. Answers nothing for a secret that is a text: it has no parts.
 *
 * @public
 */
export function secretPart(
  { $secretRef }: SecretReference,
  path: readonly string[],
): SecretReference | undefined {
  return $secretRef.includes(JSON_MARK)
    ? { $secretRef: [$secretRef, ...path.map(encodeURIComponent)].join('/') }
    : undefined;
}

/**
 * Where a secret is kept, and which part of it an address means.
 *
 * @public
 */
export function readSecretAddress(address: string): {
  /** Under which the whole secret is stored. */
  stored: string;
  isJson: boolean;
  path: string[];
} {
  const at = address.lastIndexOf(JSON_MARK);
  const end = at + JSON_MARK.length;
  if (at === -1 || (end < address.length && address[end] !== '/')) {
    return { stored: address, isJson: false, path: [] };
  }
  return {
    stored: address.slice(0, end),
    isJson: true,
    path: address
      .slice(end)
      .split('/')
      .slice(1)
      .map(key => decodeURIComponent(key)),
  };
}

/**
 * The part of a stored secret that an address means, with its type.
 *
 * @remarks
 * A key may itself contain dots, so the longest one is tried first, as with
 * every other reference.
 *
 * @public
 */
export function pickSecretPart(
  address: string,
  text: string,
): JsonValue | undefined {
  const { isJson, path } = readSecretAddress(address);
  return isJson ? pick(JSON.parse(text), path) : text;
}

function pick(value: JsonValue, path: string[]): JsonValue | undefined {
  if (path.length === 0) {
    return value;
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  for (let length = path.length; length > 0; length -= 1) {
    const key = path.slice(0, length).join('.');
    if (
      Object.hasOwn(value, key) &&
      !(Array.isArray(value) && !/^\d+$/.test(key))
    ) {
      return pick((value as JsonObject)[key], path.slice(length));
    }
  }
  return undefined;
}

/**
 * The texts and numbers inside of a secret that are long enough to be found
 * elsewhere, each with its own address.
 *
 * @public
 */
export function secretLeaves(
  address: string,
  text: string,
): Array<{ address: string; text: string }> {
  const { isJson } = readSecretAddress(address);
  const leaves: Array<{ address: string; text: string }> = [];
  const visit = (value: JsonValue, at: string) => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        visit(child, `${at}/${encodeURIComponent(key)}`);
      }
    } else if (String(value).length >= SHORTEST_LEAF) {
      leaves.push({ address: at, text: String(value) });
    }
  };
  if (isJson) {
    visit(JSON.parse(text), address);
  }
  return leaves;
}
