import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  HealthChecker,
  innominatusHealthCheckersExtensionPoint,
  innominatusStepTypesExtensionPoint,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import module from './index';

describe('kubernetes module', () => {
  it('brings the step type "kubernetes" and the health check of rollouts', async () => {
    const added: StepType[] = [];
    const checkers: HealthChecker[] = [];
    await startTestBackend({
      extensionPoints: [
        [
          innominatusStepTypesExtensionPoint,
          { addStepType: (...stepTypes) => added.push(...stepTypes) },
        ],
        [
          innominatusHealthCheckersExtensionPoint,
          { addHealthChecker: (...more) => checkers.push(...more) },
        ],
      ],
      features: [module, mockServices.rootConfig.factory({ data: {} })],
    });
    expect(added).toMatchObject([
      { name: 'kubernetes', effects: 'external', onInterrupt: 'rerun' },
    ]);
    expect(checkers.map(({ name }) => name)).toEqual(['kubernetes-rollout']);
  });
});
