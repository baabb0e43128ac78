import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  innominatusStepTypesExtensionPoint,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import module from './index';

describe('git module', () => {
  it('brings the step type "git-commit-manifests"', async () => {
    const added: StepType[] = [];
    await startTestBackend({
      extensionPoints: [
        [
          innominatusStepTypesExtensionPoint,
          { addStepType: (...stepTypes) => added.push(...stepTypes) },
        ],
      ],
      features: [module, mockServices.rootConfig.factory({ data: {} })],
    });
    expect(added).toMatchObject([
      {
        name: 'git-commit-manifests',
        effects: 'external',
        onInterrupt: 'rerun',
      },
    ]);
  });
});
