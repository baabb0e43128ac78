import {
  ApplicationSummary,
  DeploymentSummary,
  Environment,
  GoldenPath,
  Run,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  aDeployment,
  aGoldenPath,
  aRun,
  aStep,
  anApplication,
  anEnvironment,
} from '../src/__testUtils__';

const NOW = Date.now();

function ago(minutes: number): string {
  return new Date(NOW - minutes * 60_000).toISOString();
}

export const environments: Environment[] = [
  anEnvironment(),
  anEnvironment({
    name: 'staging',
    title: 'Staging',
    type: 'staging',
    order: 20,
  }),
  anEnvironment({
    name: 'production',
    title: 'Production',
    type: 'production',
    order: 30,
  }),
];

export const deployments: DeploymentSummary[] = [
  aDeployment({ createdAt: ago(5), endedAt: ago(3) }),
  aDeployment({
    id: 'deployment-2',
    number: 17,
    environment: 'staging',
    status: 'failed',
    runId: 'run-2',
    runNumber: 1041,
    createdAt: ago(125),
    endedAt: ago(124),
    changes: ['resource db'],
    failure: {
      step: 'provision-db',
      error: {
        code: 'QUOTA_EXCEEDED',
        message: 'The project has no room for another database of class small.',
        transient: false,
      },
    },
  }),
];

export const applications: ApplicationSummary[] = [
  anApplication({ lastDeployment: deployments[0] }),
  anApplication({
    environment: 'staging',
    environmentType: 'staging',
    status: 'failed',
    lastDeployment: deployments[1],
    allowedActions: {
      plan: { allowed: true },
      deploy: {
        allowed: false,
        reason: 'Only platform-team may deploy to staging this week.',
      },
      delete: { allowed: false },
    },
  }),
];

export const goldenPaths: GoldenPath[] = [
  aGoldenPath(),
  aGoldenPath({
    name: 'preview-environment',
    title: 'Preview environment',
    description: 'An environment of your own that goes away after a day',
    category: 'environment',
    needsApplication: false,
    estimatedDuration: '2 minutes',
    allowedActions: {
      run: { allowed: false, reason: 'Ask platform-team for the permission.' },
    },
  }),
];

const provisionSteps = ['db', 'cache', 'dns'].map(name =>
  aStep({
    name: `provision-${name}`,
    title: `Provision ${name}`,
    type: 'resource-provisioning',
    startedAt: ago(5),
    endedAt: ago(4.6),
    outputs: { host: `${name}.example.internal`, port: 5432 },
    childRuns: name === 'db' ? ['run-3'] : [],
  }),
);

const finished = aRun({
  createdAt: ago(5),
  startedAt: ago(5),
  endedAt: ago(3),
  stepsTotal: 6,
  stepsDone: 6,
  steps: [
    ...provisionSteps,
    aStep({
      name: 'render',
      title: 'Render manifests',
      stage: 1,
      dependsOn: provisionSteps.map(step => step.name),
      startedAt: ago(4.6),
      endedAt: ago(4.5),
    }),
    aStep({
      name: 'apply',
      title: 'Apply to the cluster',
      type: 'kubernetes',
      stage: 2,
      dependsOn: ['render'],
      status: 'skipped',
      attempt: 0,
      startedAt: undefined,
      endedAt: undefined,
      skipReason: 'the environment is simulated',
    }),
    aStep({
      name: 'simulate',
      title: 'Simulate the rollout',
      type: 'simulate',
      stage: 2,
      dependsOn: ['render'],
      attempt: 2,
      startedAt: ago(4.5),
      endedAt: ago(3),
      config: { duration: '2s', replicas: 2 },
    }),
  ],
});

const failed = aRun({
  id: 'run-2',
  number: 1041,
  status: 'failed',
  application: {
    environment: 'staging',
    name: 'podinfo',
    entityRef: 'component:default/podinfo',
  },
  createdAt: ago(125),
  startedAt: ago(125),
  endedAt: ago(124),
  stepsTotal: 2,
  stepsDone: 1,
  failure: {
    step: 'provision-db',
    error: deployments[1].failure!.error,
  },
  steps: [
    aStep({
      name: 'provision-db',
      title: 'Provision db',
      type: 'resource-provisioning',
      status: 'failed',
      attempt: 3,
      startedAt: ago(125),
      endedAt: ago(124),
      error: deployments[1].failure!.error,
    }),
    aStep({
      stage: 1,
      dependsOn: ['provision-db'],
      status: 'cancelled',
      attempt: 0,
      startedAt: undefined,
      endedAt: undefined,
      skipReason: '"provision-db" failed',
    }),
  ],
});

const nested = aRun({
  id: 'run-3',
  number: 1043,
  workflow: 'simulate-postgres',
  goldenPath: undefined,
  title: undefined,
  deployment: undefined,
  parentRun: { id: 'run-1', step: 'provision-db' },
  createdAt: ago(5),
  startedAt: ago(5),
  endedAt: ago(4.6),
});

export const runs: Run[] = [finished, failed, nested];
