export { evaluatePolicies } from './evaluatePolicies';
export * from './testPolicies';
export * from './types';
