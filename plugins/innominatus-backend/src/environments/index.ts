export * from './DatabaseEnvironmentStore';
export * from './DeploymentRules';
export * from './EnvironmentLifecycle';
export * from './EnvironmentService';
export * from './environmentInput';
export * from './environmentOf';
export * from './readTtlLimits';
export * from './router';
