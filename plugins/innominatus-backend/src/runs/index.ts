export * from './createRunEngine';
export * from './DatabaseRunStore';
export * from './DefaultRunService';
export * from './router';
export * from './readLimits';
export * from './RunEnds';
export * from './RunStore';
export * from './types';
