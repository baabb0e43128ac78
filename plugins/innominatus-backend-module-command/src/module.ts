import { createBackendModule } from '@backstage/backend-plugin-api';
import { innominatusStepTypesExtensionPoint } from '@innominatus/backstage-plugin-innominatus-node';
import { createCommandStepType } from './createCommandStepType';

/**
 * Brings the step type `command` into innominatus.
 *
 * @public
 */
export const innominatusModuleCommand = createBackendModule({
  pluginId: 'innominatus',
  moduleId: 'command',
  register(reg) {
    reg.registerInit({
      deps: { stepTypes: innominatusStepTypesExtensionPoint },
      async init({ stepTypes }) {
        stepTypes.addStepType(createCommandStepType());
      },
    });
  },
});
