import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { innominatusRuntimeExtensionPoint } from '@innominatus/backstage-plugin-innominatus-node';
import { createRestateRuntimeFactory } from './createRestateRuntimeFactory';

/**
 * Brings the runtime `restate` into innominatus: runs are moved forward by a
 * Restate server, or a cluster of them, that you run.
 *
 * @public
 */
export const innominatusModuleRestate = createBackendModule({
  pluginId: 'innominatus',
  moduleId: 'restate',
  register(reg) {
    reg.registerInit({
      deps: {
        config: coreServices.rootConfig,
        runtimes: innominatusRuntimeExtensionPoint,
      },
      async init({ config, runtimes }) {
        runtimes.addRuntime(createRestateRuntimeFactory({ config }));
      },
    });
  },
});
