/**
 * Scaffolder actions that run innominatus golden paths.
 *
 * @packageDocumentation
 */
export { createGoldenPathRunAction } from './actions/goldenPathRun';
export { scaffolderModuleInnominatus as default } from './module';
