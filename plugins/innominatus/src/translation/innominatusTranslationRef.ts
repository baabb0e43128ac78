import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { commonMessages } from './common';
import { deploymentsMessages } from './deployments';
import { planMessages } from './plan';
import { logMessages, runMessages } from './run';
import { goldenPathsMessages, runsMessages } from './runs';

/**
 * All texts of the plugin, to be translated or reworded by an app.
 *
 * @public
 */
export const innominatusTranslationRef = createTranslationRef({
  id: 'innominatus',
  messages: {
    common: commonMessages,
    deployments: deploymentsMessages,
    plan: planMessages,
    runs: runsMessages,
    goldenPaths: goldenPathsMessages,
    run: runMessages,
    logs: logMessages,
  },
});
