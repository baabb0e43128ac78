export * from './simulateResource';
export * from './simulateWorkflow';
export * from './tryProviders';
