export * from './applications';
export * from './approvals';
export * from './common';
export * from './plans';
export * from './platform';
export * from './followUps';
export * from './runs';
export * from './score';
