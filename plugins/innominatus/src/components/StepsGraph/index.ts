export { StepsGraph } from './StepsGraph';
export type { GraphStep } from './types';
