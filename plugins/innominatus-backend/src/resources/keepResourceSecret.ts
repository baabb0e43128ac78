import {
  JsonValue,
  SecretReference,
  jsonSecretAddress,
  secretLeaves,
  textSecretAddress,
} from '@innominatus/backstage-plugin-innominatus-common';
import { SecretStore } from '../secrets/types';

/** Where the secrets of a resource are kept. */
export function secretPrefix(resourceId: string): string {
  return `resource/${resourceId}/`;
}

/**
 * Keeps a secret output at an address of its resource, because the secrets of a
 * run go away with the run. Every text of it is told to `redact` first.
 */
export async function keepResourceSecret(options: {
  secrets: Pick<SecretStore, 'put'>;
  resourceId: string;
  output: string;
  value: JsonValue;
  redact?: (text: string) => void;
}): Promise<SecretReference> {
  const { secrets, resourceId, output, value, redact } = options;
  const place = `${secretPrefix(resourceId)}${output}`;
  const isText = typeof value === 'string';
  const address = isText ? textSecretAddress(place) : jsonSecretAddress(place);
  const text = isText ? value : JSON.stringify(value);
  for (const leaf of [{ text }, ...secretLeaves(address, text)]) {
    redact?.(leaf.text);
  }
  return { ...(await secrets.put(address, text)) };
}
