export { canonicalJson } from './canonicalJson';
export * from './expandResourceSteps';
export * from './matchProvider';
export { withParameterDefaults } from './parameterDefaults';
export * from './readDefinitions';
export { fillProviderTemplate } from './template';
export type { ProviderTemplateScope, ResourceIdentity } from './template';
export * from './types';
