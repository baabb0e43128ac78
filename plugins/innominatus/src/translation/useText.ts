import {
  TranslationFunction,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { translationRef } from './translationRef';

/** Looks up a text and fills its placeholders. */
export type Text = TranslationFunction<typeof translationRef.T>;

/** Answers the texts of the plugin in the language of the reader. */
export function useText(): Text {
  return useTranslationRef(translationRef).t;
}
