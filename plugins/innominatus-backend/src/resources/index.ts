export * from './DatabaseResourceStore';
export * from './renderManifestsStepType';
export * from './ResourceProvisioner';
export * from './ResourceReveals';
export * from './resourceProvisioningStepType';
export * from './router';
export * from './types';
export * from './writeManifestsStepType';
