export * from './Retention';
export * from './RetentionStore';
