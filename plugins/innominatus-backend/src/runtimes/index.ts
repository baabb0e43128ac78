export * from './Runtimes';
export * from './types';
