export * from './RegistryPolicies';
export * from './router';
