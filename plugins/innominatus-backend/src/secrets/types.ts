import { SecretReference } from '@innominatus/backstage-plugin-innominatus-common';

/** Keeps secret values encrypted; everything else only holds references. */
export interface SecretStore {
  /** Stores or replaces the value at the address. */
  put(address: string, value: string): Promise<SecretReference>;
  /** Throws `NotFoundError` when there is no such secret. */
  get(reference: SecretReference): Promise<string>;
  /** Removes every secret whose address begins with the prefix. */
  deleteByPrefix(prefix: string): Promise<void>;
}
