export * from './DatabaseResourceStore';
export * from './manifestStepTypes';
export * from './ResourceProvisioner';
export * from './resourceProvisioningStepType';
export * from './router';
export * from './types';
