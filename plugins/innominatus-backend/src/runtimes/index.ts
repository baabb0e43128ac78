export * from './createDistributedHost';
export * from './Runtimes';
export * from './types';
