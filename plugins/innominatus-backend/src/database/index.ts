export * from './clock';
export * from './columns';
export * from './cursor';
export * from './dialect';
export * from './ids';
export * from './migrate';
