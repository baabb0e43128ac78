import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  DefinitionLocationType,
  innominatusLocationsExtensionPoint,
  innominatusStepTypesExtensionPoint,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import module from './index';

describe('git module', () => {
  it('brings its step types and the locations "git"', async () => {
    const types: DefinitionLocationType[] = [];
    const added: StepType[] = [];
    await startTestBackend({
      extensionPoints: [
        [
          innominatusLocationsExtensionPoint,
          { addLocationType: (...more) => types.push(...more) },
        ],
        [
          innominatusStepTypesExtensionPoint,
          { addStepType: (...stepTypes) => added.push(...stepTypes) },
        ],
      ],
      features: [module, mockServices.rootConfig.factory({ data: {} })],
    });
    expect(types).toMatchObject([{ type: 'git' }]);
    expect(added).toMatchObject([
      {
        name: 'git-commit-manifests',
        effects: 'external',
        onInterrupt: 'rerun',
      },
      { name: 'git-pr', effects: 'external', onInterrupt: 'rerun' },
      { name: 'git-check-pr', effects: 'none', onInterrupt: 'resume' },
    ]);
  });
});
