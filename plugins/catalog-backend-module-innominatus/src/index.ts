/**
 * Score specs, golden paths and provisioned resources in the Backstage catalog.
 *
 * @packageDocumentation
 */
export { catalogModuleInnominatus as default } from './module';
