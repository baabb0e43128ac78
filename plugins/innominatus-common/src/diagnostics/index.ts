export * from './excerpt';
export * from './formatDiagnostics';
export * from './nearestNames';
export * from './pointer';
export * from './summary';
export * from './toSarif';
export * from './types';
