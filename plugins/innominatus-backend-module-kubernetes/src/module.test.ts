import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  innominatusStepTypesExtensionPoint,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import module from './index';

describe('kubernetes module', () => {
  it('brings the step type "kubernetes"', async () => {
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
      { name: 'kubernetes', effects: 'external', onInterrupt: 'rerun' },
    ]);
  });
});
