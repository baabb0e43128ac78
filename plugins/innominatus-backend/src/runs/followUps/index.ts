export * from './FollowUpRuns';
export * from './router';
export * from './types';
export * from './undoFailedRuns';
