import { TranslationRef } from '@backstage/frontend-plugin-api';
import { translationRef } from './translationRef';

/**
 * All texts of the plugin, to be translated or reworded by an app.
 *
 * @remarks
 * The keys are not part of the type: there are hundreds, and one more is no
 * change of the API.
 *
 * @public
 */
export const innominatusTranslationRef: TranslationRef<'innominatus'> =
  translationRef;
