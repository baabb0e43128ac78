/**
 * The backend plugin of innominatus.
 *
 * @packageDocumentation
 */
export { innominatusConditions } from './access';
export { innominatusPlugin as default } from './plugin';
