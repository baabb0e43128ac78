export * from './GoldenPathFollowUps';
export * from './GoldenPathRuns';
export * from './goldenPathViews';
export * from './router';
