import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { createInnominatusClient } from '@innominatus/backstage-plugin-innominatus-node';
import { createGoldenPathRunAction } from './actions/goldenPathRun';

/**
 * Brings the actions of innominatus into the scaffolder.
 *
 * @public
 */
export const scaffolderModuleInnominatus = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'innominatus',
  register(reg) {
    reg.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
      },
      async init({ actions, auth, config, discovery }) {
        actions.addActions(
          createGoldenPathRunAction({
            appBaseUrl: config.getString('app.baseUrl'),
            createClient: credentials =>
              createInnominatusClient({ auth, discovery, credentials }),
          }),
        );
      },
    });
  },
});
