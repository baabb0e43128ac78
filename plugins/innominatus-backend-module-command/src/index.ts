/**
 * Runs allowed programs as steps of innominatus workflows.
 *
 * @packageDocumentation
 */
export { createCommandStepType } from './createCommandStepType';
export { innominatusModuleCommand as default } from './module';
