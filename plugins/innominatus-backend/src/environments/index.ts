export * from './environmentInput';
export * from './router';
