export * from './RegistryPolicies';
export * from './Requesters';
export * from './router';
