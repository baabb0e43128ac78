import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { innominatusStepTypesExtensionPoint } from '@innominatus/backstage-plugin-innominatus-node';
import { readClusters } from './cluster/readClusters';
import { createKubernetesStepType } from './createKubernetesStepType';

/**
 * Brings the step type `kubernetes` into innominatus.
 *
 * @public
 */
export const innominatusModuleKubernetes = createBackendModule({
  pluginId: 'innominatus',
  moduleId: 'kubernetes',
  register(reg) {
    reg.registerInit({
      deps: {
        config: coreServices.rootConfig,
        stepTypes: innominatusStepTypesExtensionPoint,
      },
      async init({ config, stepTypes }) {
        stepTypes.addStepType(
          createKubernetesStepType({ clusters: readClusters(config) }),
        );
      },
    });
  },
});
