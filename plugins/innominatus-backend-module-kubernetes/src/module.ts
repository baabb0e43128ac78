import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  innominatusHealthCheckersExtensionPoint,
  innominatusStepTypesExtensionPoint,
} from '@innominatus/backstage-plugin-innominatus-node';
import { readClusters } from './cluster/readClusters';
import { createRolloutChecker } from './health/createRolloutChecker';
import { createKubernetesStepType } from './createKubernetesStepType';

/**
 * Brings the step type and the health check of clusters into innominatus.
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
        healthCheckers: innominatusHealthCheckersExtensionPoint,
        stepTypes: innominatusStepTypesExtensionPoint,
      },
      async init({ config, healthCheckers, stepTypes }) {
        const clusters = readClusters(config);
        healthCheckers.addHealthChecker(createRolloutChecker({ clusters }));
        stepTypes.addStepType(createKubernetesStepType({ clusters }));
      },
    });
  },
});
