export { DiffModeSwitch } from './DiffModeSwitch';
export { LineDiff } from './LineDiff';
export type { DiffMode } from './LineDiff';
export { useDiffMode } from './useDiffMode';
export { UnifiedDiff } from './UnifiedDiff';
