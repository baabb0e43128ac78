export * from './carryOver';
export { decide } from './decide';
export { evolve } from './evolve';
export { isRetried, retryDelayMs } from './retry';
export * from './planUndo';
export * from './settle';
export * from './turn';
export { attemptKey } from './evolveStep';
export { isRunEnded, isStepEnded } from './status';
