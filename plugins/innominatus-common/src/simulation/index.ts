export * from './simulateGoldenPath';
export * from './simulateResource';
export * from './simulateWorkflow';
export * from './tryGoldenPaths';
export * from './tryProviders';
