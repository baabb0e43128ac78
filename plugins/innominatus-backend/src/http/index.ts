export * from './EventStream';
export * from './idempotency';
export * from './problem';
export * from './ProblemError';
export * from './query';
