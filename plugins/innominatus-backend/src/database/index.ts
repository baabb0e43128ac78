export * from './clock';
export * from './columns';
export * from './cursor';
export * from './dialect';
export * from './GroupCommit';
export * from './ids';
export * from './migrate';
export * from './prepared';
