export * from './checkQuotas';
export * from './ephemeralName';
export * from './freezes';
export * from './readEnvironmentInput';
export * from './resolveEnvironment';
export * from './ttl';
