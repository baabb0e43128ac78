export { evaluatePolicies } from './evaluatePolicies';
export * from './insertWorkflows';
export * from './requiredWorkflows';
export type { PolicySubject } from './selectPolicies';
export * from './testPolicies';
export * from './types';
