export * from './bindStepRunner';
export * from './createStepRunner';
