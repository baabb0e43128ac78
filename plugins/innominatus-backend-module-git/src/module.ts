import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { innominatusStepTypesExtensionPoint } from '@innominatus/backstage-plugin-innominatus-node';
import { createGitCommitManifestsStepType } from './createGitCommitManifestsStepType';
import { readGitConfig } from './readGitConfig';

/**
 * Brings the step type `git-commit-manifests` into innominatus.
 *
 * @public
 */
export const innominatusModuleGit = createBackendModule({
  pluginId: 'innominatus',
  moduleId: 'git',
  register(reg) {
    reg.registerInit({
      deps: {
        config: coreServices.rootConfig,
        stepTypes: innominatusStepTypesExtensionPoint,
      },
      async init({ config, stepTypes }) {
        stepTypes.addStepType(
          createGitCommitManifestsStepType(readGitConfig(config)),
        );
      },
    });
  },
});
