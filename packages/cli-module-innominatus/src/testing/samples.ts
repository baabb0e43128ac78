import type {
  Approval,
  DeploymentSummary,
  Plan,
  Run,
  RunStep,
} from '@innominatus/backstage-plugin-innominatus-common';

export const SCORE = `apiVersion: score.dev/v1b1
metadata:
  name: orders
containers:
  api:
    image: nginx:1.27
    variables:
      DATABASE_HOST: \${resources.db.host}
resources:
  db:
    type: postgres
    params:
      version: '17'
`;

export function samplePlan(changes: Partial<Plan> = {}): Plan {
  return {
    id: 'plan-1',
    hash: 'hash-1',
    environment: 'development',
    name: 'orders',
    action: 'deploy',
    goldenPath: { name: 'deploy-app', version: '1.0.0' },
    createdAt: '2030-01-01T00:00:00Z',
    expiresAt: '2030-01-02T00:00:00Z',
    createdBy: 'user:development/guest',
    summary: { create: 2, update: 0, keep: 1, delete: 0 },
    resources: [
      {
        action: 'create',
        uid: 'postgres.default#orders.db',
        name: 'db',
        type: 'postgres',
        class: 'default',
        provider: { name: 'simulator', version: '1.0.0' },
        changes: [{ path: 'version', after: '17' }],
        dependsOn: [],
        shared: false,
      },
    ],
    manifests: [
      {
        action: 'create',
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: 'orders',
      },
    ],
    steps: [
      {
        name: 'provision-db',
        type: 'resource-provisioning',
        dependsOn: [],
        stage: 0,
      },
      {
        name: 'render',
        type: 'render-manifests',
        dependsOn: ['provision-db'],
        stage: 1,
      },
    ],
    parameters: {},
    estimatedSeconds: 90,
    estimatedFrom: 'definitions',
    policies: [],
    warnings: [],
    diagnostics: [],
    allowedActions: { deploy: { allowed: true } },
    ...changes,
  };
}

export function sampleDeployment(
  changes: Partial<DeploymentSummary> = {},
): DeploymentSummary {
  return {
    id: 'deployment-1',
    number: 3,
    environment: 'development',
    name: 'orders',
    action: 'deploy',
    status: 'running',
    revision: 3,
    planHash: 'hash-1',
    runId: 'run-1',
    runNumber: 42,
    createdBy: 'user:development/guest',
    createdAt: '2030-01-01T00:00:00Z',
    changes: [],
    ...changes,
  };
}

export function sampleStep(changes: Partial<RunStep> = {}): RunStep {
  return {
    name: 'provision-db',
    type: 'resource-provisioning',
    stage: 0,
    dependsOn: [],
    status: 'pending',
    attempt: 0,
    outputs: {},
    config: {},
    childRuns: [],
    ...changes,
  };
}

export function sampleApproval(changes: Partial<Approval> = {}): Approval {
  return {
    id: 'run-1~ask~1',
    kind: 'approval',
    state: 'pending',
    run: { id: 'run-1', number: 42, workflow: 'deploy-app' },
    step: { name: 'ask' },
    attempt: 1,
    requester: 'user:development/guest',
    approvers: ['group:default/platform-team'],
    quorum: 2,
    missing: 1,
    allowRequester: false,
    reasonRequired: false,
    decisions: [
      {
        decision: 'approve',
        by: 'user:default/jane',
        at: '2030-01-01T00:00:00Z',
        reason: 'Fine',
      },
    ],
    requestedAt: '2030-01-01T00:00:00Z',
    expiresAt: '2030-01-03T00:00:00Z',
    allowedActions: { approve: { allowed: true }, reject: { allowed: true } },
    ...changes,
  };
}

export function sampleRun(changes: Partial<Run> = {}): Run {
  return {
    id: 'run-1',
    number: 42,
    workflow: 'deploy-app',
    goldenPath: 'deploy-app',
    status: 'running',
    application: { environment: 'development', name: 'orders' },
    initiator: 'user:development/guest',
    createdAt: '2030-01-01T00:00:00Z',
    startedAt: '2030-01-01T00:00:00Z',
    stepsTotal: 1,
    stepsDone: 0,
    version: 1,
    allowedActions: {
      cancel: { allowed: true },
      pause: { allowed: true },
      resume: { allowed: false, reason: 'It is not paused.' },
      retry: { allowed: false, reason: 'It has not ended yet.' },
      undo: { allowed: false, reason: 'It has not ended yet.' },
    },
    parameters: {},
    outputs: {},
    steps: [sampleStep()],
    ...changes,
  };
}

/** A token that only says who it is for and how long it lasts. */
export function sampleToken(
  options: { subject?: string; expiresAt?: number; id?: string } = {},
): string {
  const part = (value: object) =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  return [
    part({ alg: 'none' }),
    part({
      sub: options.subject ?? 'user:development/guest',
      exp: Math.floor((options.expiresAt ?? Date.now() + 3_600_000) / 1000),
      jti: options.id,
    }),
    'signature',
  ].join('.');
}
