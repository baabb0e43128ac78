export * from './createApprovalServices';
export * from './createCallbackServices';
export * from './createDeploymentServices';
export * from './createDriftServices';
export * from './createEnvironmentServices';
export * from './createHealthServices';
export * from './createResourceServices';
export * from './createServices';
