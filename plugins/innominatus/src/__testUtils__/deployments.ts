import {
  ApplicationSummary,
  DeploymentSummary,
  Environment,
  GoldenPath,
  Plan,
} from '@innominatus/backstage-plugin-innominatus-common';

export function anEnvironment(change: Partial<Environment> = {}): Environment {
  return {
    name: 'development',
    title: 'Development',
    type: 'development',
    order: 10,
    target: { type: 'simulate' },
    ...change,
  };
}

export function aDeployment(
  change: Partial<DeploymentSummary> = {},
): DeploymentSummary {
  return {
    id: 'deployment-1',
    number: 41,
    environment: 'development',
    name: 'podinfo',
    action: 'deploy',
    status: 'succeeded',
    revision: 3,
    planHash: '9f3c0a1b2c3d4e5f',
    runId: 'run-1',
    runNumber: 1042,
    createdBy: 'user:default/guest',
    createdAt: '2026-11-23T12:00:00.000Z',
    endedAt: '2026-11-23T12:02:03.000Z',
    changes: ['image', '1 variable'],
    ...change,
  };
}

export function anApplication(
  change: Partial<ApplicationSummary> = {},
): ApplicationSummary {
  return {
    environment: 'development',
    environmentType: 'development',
    name: 'podinfo',
    entityRef: 'component:default/podinfo',
    owner: 'group:default/shop-team',
    revision: 3,
    version: 'ghcr.io/stefanprodan/podinfo:6.7.1',
    status: 'succeeded',
    lastDeployment: aDeployment(),
    createdAt: '2026-11-20T12:00:00.000Z',
    updatedAt: '2026-11-23T12:02:03.000Z',
    allowedActions: {
      plan: { allowed: true },
      deploy: { allowed: true },
      delete: { allowed: true },
    },
    ...change,
  };
}

export function aPlan(change: Partial<Plan> = {}): Plan {
  return {
    id: 'plan-1',
    hash: '9f3c0a1b2c3d4e5f',
    environment: 'development',
    name: 'podinfo',
    action: 'deploy',
    goldenPath: { name: 'deploy-app', version: '1.0.0' },
    createdAt: '2026-11-23T12:00:00.000Z',
    expiresAt: '2999-11-23T12:30:00.000Z',
    createdBy: 'user:default/guest',
    summary: { create: 1, update: 1, keep: 1, delete: 0 },
    resources: [
      {
        action: 'create',
        uid: 'postgres.default#podinfo.db',
        name: 'db',
        type: 'postgres',
        class: 'small',
        provider: { name: 'simulator', version: '1.0.0' },
        changes: [{ path: 'version', after: '17' }],
        dependsOn: [],
        shared: false,
      },
      {
        action: 'update',
        uid: 'dns.default#podinfo.dns',
        name: 'dns',
        type: 'dns',
        class: 'default',
        provider: { name: 'simulator', version: '1.0.0' },
        changes: [
          { path: 'host', before: 'a.example.com', after: 'b.example.com' },
        ],
        dependsOn: [],
        shared: false,
      },
      {
        action: 'keep',
        uid: 'redis.default#podinfo.cache',
        name: 'cache',
        type: 'redis',
        class: 'default',
        provider: { name: 'simulator', version: '1.0.0' },
        changes: [],
        dependsOn: [],
        shared: true,
      },
    ],
    manifests: [
      {
        action: 'update',
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: 'podinfo',
        before:
          'apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 1\n  image: podinfo:6.7.0\n',
        after:
          'apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 1\n  image: podinfo:6.7.1\n',
      },
    ],
    steps: [
      {
        name: 'provision-db',
        title: 'Provision db',
        type: 'resource-provisioning',
        dependsOn: [],
        stage: 0,
      },
      {
        name: 'render',
        title: 'Render manifests',
        type: 'render-manifests',
        dependsOn: ['provision-db'],
        stage: 1,
      },
    ],
    parameters: {},
    estimatedSeconds: 95,
    estimatedFrom: 'definitions',
    policies: [],
    warnings: [],
    diagnostics: [],
    allowedActions: { deploy: { allowed: true } },
    ...change,
  };
}

export function aGoldenPath(change: Partial<GoldenPath> = {}): GoldenPath {
  return {
    name: 'deploy-app',
    title: 'Deploy a workload',
    description:
      'Provisions what the Score spec asks for, renders the manifests and delivers them to the environment',
    category: 'deployment',
    tags: ['score'],
    owner: 'group:default/platform-team',
    version: '1.0.0',
    estimatedDuration: '1-5 minutes',
    parameters: [],
    parametersSchema: {},
    needsApplication: true,
    steps: [
      {
        name: 'provision',
        title: 'Provision resources',
        type: 'resource-provisioning',
        dependsOn: [],
        stage: 0,
      },
      {
        name: 'render',
        title: 'Render manifests',
        type: 'render-manifests',
        dependsOn: ['provision'],
        stage: 1,
      },
    ],
    state: 'active',
    problems: [],
    allowedActions: { run: { allowed: true } },
    ...change,
  };
}
