import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { innominatusTranslationRef } from './innominatusTranslationRef';

/** Answers the texts of the plugin in the language of the reader. */
export function useText() {
  return useTranslationRef(innominatusTranslationRef).t;
}

export type Text = ReturnType<typeof useText>;
