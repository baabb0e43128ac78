export * from './DurationHistory';
export * from './router';
