export * from './bindStepRunner';
export * from './createStepRunner';
export { PROGRAM_INTERRUPTED } from './watchEnds';
