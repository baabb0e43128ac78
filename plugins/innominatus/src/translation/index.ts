export { innominatusTranslationRef } from './innominatusTranslationRef';
export { useText } from './useText';
export type { Text } from './useText';
