import { LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import { SecretReference } from '@innominatus/backstage-plugin-innominatus-common';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Knex } from 'knex';
import { nowMs } from '../database';
import {
  createTemporaryKey,
  EncryptionKey,
  readEncryptionKeys,
} from './EncryptionKeys';
import {
  RotateOptions,
  RotatedBatch,
  RotatingSecretStore,
  SecretStore,
} from './types';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

interface SecretRow {
  address: string;
  key_id: string;
  ciphertext: string;
}

export interface DatabaseSecretStoreOptions {
  knex: Knex;
  config: Config;
  logger: LoggerService;
  /** Default: `NODE_ENV` is `production`. */
  production?: boolean;
}

/**
 * Keeps secrets in the plugin's database, encrypted with AES-256-GCM. The
 * address is part of what is authenticated, so a row that is copied to another
 * address cannot be read there.
 */
export class DatabaseSecretStore implements SecretStore, RotatingSecretStore {
  readonly #knex: Knex;
  readonly #keys: EncryptionKey[];

  static fromConfig(options: DatabaseSecretStoreOptions): DatabaseSecretStore {
    const { knex, config, logger } = options;
    const keys = readEncryptionKeys(config);
    const production =
      options.production ?? process.env.NODE_ENV === 'production';
    if (keys.length === 0 && !production) {
      logger.warn(
        'Secrets are encrypted with a temporary key and are lost when the backend stops. Set "innominatus.encryption.keys" to keep them.',
      );
      keys.push(createTemporaryKey());
    }
    return new DatabaseSecretStore(knex, keys);
  }

  private constructor(knex: Knex, keys: EncryptionKey[]) {
    this.#knex = knex;
    this.#keys = keys;
  }

  async put(address: string, value: string): Promise<SecretReference> {
    const [key] = this.#keys;
    if (!key) {
      throw new ServiceUnavailableError(
        'Secrets cannot be stored, because "innominatus.encryption.keys" is empty. Add a key, for example: innominatus: { encryption: { keys: [{ id: "2026-11", secret: "${INNOMINATUS_ENCRYPTION_KEY}" }] } }',
      );
    }
    await this.#knex('secrets')
      .insert({
        address,
        key_id: key.id,
        ciphertext: encrypt(key.key, address, value),
        updated_at: nowMs(this.#knex),
      })
      .onConflict('address')
      .merge();
    return { $secretRef: address };
  }

  async get(reference: SecretReference): Promise<string> {
    const address = reference.$secretRef;
    const row: SecretRow | undefined = await this.#knex<SecretRow>('secrets')
      .where({ address })
      .first();
    if (!row) {
      throw new NotFoundError(`There is no secret "${address}"`);
    }
    return this.#read(row);
  }

  async rotate(options: RotateOptions): Promise<RotatedBatch> {
    const { after, limit } = options;
    const [current] = this.#keys;
    if (!current) {
      return { rotated: 0, unreadable: 0 };
    }
    const query = this.#knex<SecretRow>('secrets')
      .whereNot({ key_id: current.id })
      .orderBy('address')
      .limit(limit);
    if (after !== undefined) {
      query.where('address', '>', after);
    }
    const rows: SecretRow[] = await query;
    let rotated = 0;
    let unreadable = 0;
    for (const row of rows) {
      let value: string;
      try {
        value = this.#read(row);
      } catch {
        unreadable += 1;
        continue;
      }
      // Guarded by what was read: a value that was replaced meanwhile stays.
      rotated += await this.#knex<SecretRow>('secrets')
        .where({ address: row.address, ciphertext: row.ciphertext })
        .update({
          key_id: current.id,
          ciphertext: encrypt(current.key, row.address, value),
        });
    }
    return {
      rotated,
      unreadable,
      next: rows.length === limit ? rows[limit - 1].address : undefined,
    };
  }

  async deleteByPrefix(prefix: string): Promise<void> {
    // Not LIKE, where parts of the prefix could be wildcards.
    await this.#knex('secrets')
      .whereRaw('substr(address, 1, ?) = ?', [prefix.length, prefix])
      .delete();
  }

  #read({ address, key_id: keyId, ciphertext }: SecretRow): string {
    const key = this.#keys.find(({ id }) => id === keyId);
    if (!key) {
      throw new ServiceUnavailableError(
        `The secret "${address}" was encrypted with the key "${keyId}", which is not in "innominatus.encryption.keys". Add it behind the current key.`,
      );
    }
    try {
      return decrypt(key.key, address, ciphertext);
    } catch (error) {
      throw new ServiceUnavailableError(
        `The secret "${address}" cannot be decrypted with the key "${keyId}". Check that its secret in "innominatus.encryption.keys" was not changed.`,
        error,
      );
    }
  }
}

function encrypt(key: Buffer, address: string, value: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  cipher.setAAD(Buffer.from(address));
  return Buffer.concat([
    iv,
    cipher.update(value, 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]).toString('base64');
}

function decrypt(key: Buffer, address: string, ciphertext: string): string {
  const bytes = Buffer.from(ciphertext, 'base64');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(address));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  return Buffer.concat([
    decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES)),
    decipher.final(),
  ]).toString('utf8');
}
