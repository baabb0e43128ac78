export * from './DatabaseSecretStore';
export type { SecretStore } from './types';
