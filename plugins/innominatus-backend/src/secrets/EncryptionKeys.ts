import { Config } from '@backstage/config';
import { createHash, randomBytes } from 'node:crypto';

const SHORTEST_SECRET = 32;

/** A key with the name under which values were encrypted. */
export interface EncryptionKey {
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

/**
 * Reads `innominatus.encryption.keys`. The first key encrypts, all decrypt, so
 * a new key is put in front and the old one stays until nothing uses it.
 */
export function readEncryptionKeys(config: Config): EncryptionKey[] {
  const entries =
    config.getOptionalConfigArray('innominatus.encryption.keys') ?? [];
  const ids = new Set<string>();
  return entries.map((entry, i) => {
    const path = `innominatus.encryption.keys[${i}]`;
    const id = entry.getString('id');
    const secret = entry.getString('secret');
    if (ids.has(id)) {
      throw new Error(
        `The key id "${id}" at "${path}.id" is used twice. Give every key an id of its own, for example "2026-11".`,
      );
    }
    ids.add(id);
    if (secret.length < SHORTEST_SECRET) {
      throw new Error(
        `The secret at "${path}.secret" has ${secret.length} characters, at least ${SHORTEST_SECRET} are needed. Make one with: openssl rand -base64 32`,
      );
    }
    return { id, key: createHash('sha256').update(secret).digest() };
  });
}

/** A key for development; what it encrypted is lost with the process. */
export function createTemporaryKey(): EncryptionKey {
  return { id: 'temporary', key: randomBytes(32) };
}
