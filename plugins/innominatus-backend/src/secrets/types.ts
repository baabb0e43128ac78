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

export interface RotateOptions {
  /** Only secrets with a greater address. */
  after?: string;
  limit: number;
}

export interface RotatedBatch {
  rotated: number;
  unreadable: number;
  /** Last address of the batch; nothing when there are no more. */
  next?: string;
}

/** Secrets whose keys can be replaced. */
export interface RotatingSecretStore {
  /** Encrypts some of the secrets of older keys with the current one. */
  rotate(options: RotateOptions): Promise<RotatedBatch>;
}
