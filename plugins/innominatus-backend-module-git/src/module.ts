import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  innominatusLocationsExtensionPoint,
  innominatusStepTypesExtensionPoint,
} from '@innominatus/backstage-plugin-innominatus-node';
import { createGitCommitManifestsStepType } from './createGitCommitManifestsStepType';
import { createGitLocationType } from './locations/createGitLocationType';
import { findCacheDirectory } from './locations/findCacheDirectory';
import { createGitCheckPrStepType } from './pullRequests/createGitCheckPrStepType';
import { createGitPrStepType } from './pullRequests/createGitPrStepType';
import { readGitConfig } from './readGitConfig';

/**
 * Brings the step types `git-commit-manifests`, `git-pr` and `git-check-pr`, and locations of type `git` into
 * innominatus.
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
        locations: innominatusLocationsExtensionPoint,
        stepTypes: innominatusStepTypesExtensionPoint,
      },
      async init({ config: root, locations, stepTypes }) {
        const config = readGitConfig(root);
        stepTypes.addStepType(
          createGitCommitManifestsStepType(config),
          createGitPrStepType(config),
          createGitCheckPrStepType(config),
        );
        locations.addLocationType(
          createGitLocationType({
            config,
            cacheDirectory: findCacheDirectory(root),
          }),
        );
      },
    });
  },
});
