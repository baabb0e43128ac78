export { innominatusApiRef } from './innominatusApiRef';
export type { InnominatusApi } from './innominatusApiRef';
