export * from './DatabaseSecretStore';
export * from './SecretRotation';
export type { RotatingSecretStore, SecretStore } from './types';
