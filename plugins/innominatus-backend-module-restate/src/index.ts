/**
 * Runs innominatus workflows on Restate.
 *
 * @packageDocumentation
 */
export { createRestateRuntimeFactory } from './createRestateRuntimeFactory';
export { innominatusModuleRestate as default } from './module';
