export * from './ImpactService';
export * from './router';
