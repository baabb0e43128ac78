/**
 * Pages, entity tab and card of innominatus for the Backstage portal.
 *
 * @packageDocumentation
 */
export { innominatusPlugin as default } from './plugin';
export { innominatusApiRef } from './api';
export type { InnominatusApi } from './api';
export { innominatusTranslationRef } from './translation';
