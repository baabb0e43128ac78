export * from './checkers';
export * from './DatabaseHealthStore';
export * from './HealthService';
export * from './HostGuard';
export * from './readHealthConfig';
export * from './workflowChecker';
export type { HealthStore } from './types';
