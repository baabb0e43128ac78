export * from './analyzeScore';
export * from './types';
