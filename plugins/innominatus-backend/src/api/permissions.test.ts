import {
  applicationDeletePermission,
  applicationDeployPermission,
  applicationPlanPermission,
  applicationReadPermission,
  approvalDecidePermission,
  environmentCreatePermission,
  environmentDeletePermission,
  environmentOverridePermission,
  environmentReadPermission,
  environmentUpdatePermission,
  goldenPathReadPermission,
  goldenPathRunPermission,
  innominatusPermissions,
  policyReadPermission,
  providerReadPermission,
  providerRefreshPermission,
  resourceCheckPermission,
  resourceReadPermission,
  resourceRevealPermission,
  runControlPermission,
  runReadPermission,
  scoreReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { OpenApiContract } from '../__testUtils__/OpenApiContract';
import { TestApi, startTestApi } from '../__testUtils__/startTestApi';
import {
  ENTITIES,
  createPlatformDirectory,
  scoreOf,
} from '../__testUtils__/teams';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const locations = createPlatformDirectory();
const contract = OpenApiContract.load();

const CHANGING_TABLES = [
  'applications',
  'application_revisions',
  'deployments',
  'plans',
  'resources',
  'workflow_runs',
  'run_signals',
  'approvals',
];

/** What a call answers when a permission is missing; all others go well. */
const DENIED: Record<string, Record<string, number>> = {
  [scoreReadPermission.name]: {
    validateScore: 403,
    analyzeScore: 403,
    migrateScore: 403,
    generateScore: 403,
    getScoreSchema: 403,
  },
  [applicationReadPermission.name]: {
    listApplications: 403,
    previewProviders: 403,
    previewGoldenPaths: 403,
    getApplication: 404,
    listApplicationResources: 404,
    listApplicationRevisions: 404,
    getApplicationGraph: 404,
    planApplication: 404,
    getPlan: 404,
    deployApplication: 404,
    deleteApplication: 404,
    listDeployments: 403,
    getDeployment: 404,
    undoDeployment: 404,
    cancelDeployment: 404,
    diffApplications: 404,
    getApplicationDrift: 404,
    checkApplicationDrift: 404,
    acceptApplicationDrift: 404,
  },
  [applicationPlanPermission.name]: {
    planApplication: 403,
    checkApplicationDrift: 403,
  },
  [applicationDeployPermission.name]: {
    deployApplication: 403,
    cancelDeployment: 403,
    acceptApplicationDrift: 403,
  },
  [applicationDeletePermission.name]: { deleteApplication: 403 },
  [runReadPermission.name]: {
    listRuns: 403,
    getRun: 404,
    getRunGraph: 404,
    listRunSteps: 404,
    getRunStep: 404,
    followRun: 404,
    getRunLogs: 404,
    cancelRun: 404,
    pauseRun: 404,
    resumeRun: 404,
    listApprovals: 403,
    getApproval: 404,
    decideApproval: 404,
    previewRetry: 404,
    retryRun: 404,
    previewUndo: 404,
    undoRun: 404,
  },
  [approvalDecidePermission.name]: { decideApproval: 403 },
  [runControlPermission.name]: {
    cancelRun: 403,
    pauseRun: 403,
    resumeRun: 403,
    previewRetry: 403,
    retryRun: 403,
    previewUndo: 403,
    undoRun: 403,
  },
  [resourceReadPermission.name]: {
    listResources: 403,
    getResource: 404,
    listResourceTransitions: 404,
    getResourceHealth: 404,
    checkResourceHealth: 404,
    revealResourceOutput: 404,
  },
  [resourceCheckPermission.name]: { checkResourceHealth: 403 },
  [resourceRevealPermission.name]: { revealResourceOutput: 403 },
  [goldenPathReadPermission.name]: {
    getGoldenPath: 404,
    runGoldenPath: 404,
    retryRun: 404,
    undoRun: 404,
    getSchedule: 404,
    pauseSchedule: 404,
    resumeSchedule: 404,
    triggerSchedule: 404,
  },
  [goldenPathRunPermission.name]: {
    runGoldenPath: 403,
    retryRun: 403,
    undoRun: 403,
    pauseSchedule: 403,
    resumeSchedule: 403,
    triggerSchedule: 403,
  },
  [environmentReadPermission.name]: {
    getEnvironment: 404,
    updateEnvironment: 404,
    deleteEnvironment: 404,
    extendEnvironment: 404,
  },
  [environmentCreatePermission.name]: { createEnvironment: 403 },
  [environmentUpdatePermission.name]: {
    updateEnvironment: 403,
    extendEnvironment: 403,
  },
  [environmentDeletePermission.name]: { deleteEnvironment: 403 },
  [policyReadPermission.name]: {
    listPolicies: 403,
    getPolicy: 403,
    testPolicies: 403,
  },
  // Asked for only in a freeze window.
  [environmentOverridePermission.name]: {},
  [providerReadPermission.name]: {
    listProviders: 403,
    getProvider: 403,
    listLocations: 403,
    previewProviders: 403,
    previewGoldenPaths: 403,
  },
  [providerRefreshPermission.name]: {
    refreshProviders: 403,
    previewProviders: 403,
    previewGoldenPaths: 403,
  },
};

describe('permissions', () => {
  let api: TestApi;
  let knex: Knex;
  let planId: string;
  let deploymentId: string;
  let runId: string;
  let resourceId: string;
  let approvalId: string;
  let spares = 0;
  /** Ended runs and bodies to retry or undo them: each can be used once. */
  const ended: Array<{ id: string; retryRun: object; undoRun: object }> = [];

  const BODIES: Record<string, object> = {
    validateScore: { score: scoreOf('orders') },
    analyzeScore: { score: scoreOf('orders') },
    migrateScore: { score: scoreOf('orders') },
    generateScore: { score: scoreOf('orders') },
    planApplication: { entityRef: 'component:default/orders' },
    deployApplication: { entityRef: 'component:default/orders' },
    deleteApplication: { action: 'delete' },
    runGoldenPath: { parameters: { name: 'you' } },
    previewProviders: { files: [{ name: 'a.yaml', text: '' }] },
    previewGoldenPaths: { files: [{ name: 'a.yaml', text: '' }] },
    decideApproval: { decision: 'approve', reason: 'Looks good' },
    testPolicies: { cases: [{ name: 'one', expect: { result: 'pass' } }] },
    updateEnvironment: { type: 'testing', ttl: '1d' },
    extendEnvironment: { by: '1m' },
    acceptApplicationDrift: { version: 'x', reason: 'Fine so' },
    revealResourceOutput: { output: 'password', reason: 'Just a look' },
  };

  const endedRun = async () => {
    const admin = api.user('admin');
    const { body: run } = await admin.post('/golden-paths/say-hello/runs');
    await api.waitForRun(run.id);
    const previews = ['retry-preview?from=hello', 'undo-preview'].map(route =>
      admin.get(`/runs/${run.id}/${route}`).expect(200),
    );
    const [retry, undo] = await Promise.all(previews);
    return {
      id: run.id,
      retryRun: { previewVersion: retry.body.version, from: 'hello' },
      undoRun: { previewVersion: undo.body.version },
    };
  };

  beforeAll(async () => {
    knex = await databases.initEmpty('SQLITE_3');
    api = await startTestApi({ knex, locations, entities: ENTITIES });
    const admin = api.user('admin');
    const plan = await admin
      .post('/applications/development/orders/plans', BODIES.planApplication)
      .expect(201);
    planId = plan.body.id;
    const deployment = await admin
      .post(
        '/applications/development/orders/deployments',
        BODIES.deployApplication,
      )
      .expect(202);
    deploymentId = deployment.body.id;
    runId = deployment.body.runId;
    await api.waitForDeployment(deploymentId);
    const { body } = await admin.get('/resources').expect(200);
    resourceId = body.items[0].id;
    const asking = await admin.post('/golden-paths/ask-two/runs').expect(202);
    approvalId = await api.waitForApproval(asking.body.id);
    for (let i = 0; i < 3 * innominatusPermissions.length; i++) {
      ended.push(await endedRun());
    }
  });

  afterEach(() => api.policy.allowAll());

  const fill = (path: string): string => {
    const id: Record<string, string> = {
      plans: planId,
      deployments: deploymentId,
      runs: runId,
      resources: resourceId,
      approvals: approvalId,
    };
    const name: Record<string, string> = {
      applications: 'orders',
      environments: 'development',
      providers: 'simulator',
      'golden-paths': 'say-hello',
      schedules: 'say-hello',
      policies: 'keep-order',
    };
    const [, kind] = path.split('/');
    return path
      .replace('{id}', id[kind])
      .replace('{environment}', 'development')
      .replace('{name}', name[kind])
      .replace('{step}', 'render')
      .replace(/\/diff$/, '/diff?with=development/orders');
  };

  const calls = [
    // Signed, and for nobody who signs in.
    ...contract.operations
      .filter(({ operation }) => operation.security?.length !== 0)
      .map(({ method, path, operation }) => ({
        id: operation.operationId,
        method,
        path,
      })),
    {
      id: 'deleteApplication',
      method: 'POST',
      path: '/applications/{environment}/{name}/deployments',
    },
  ];

  /** Environments of the API: those of files cannot be changed. */
  const callEnvironment = async (item: (typeof calls)[number]) => {
    const jane = api.user('jane');
    const name = `spare-${(spares += 1)}`;
    const definition = { type: 'testing', ttl: '1d' };
    if (item.id === 'createEnvironment') {
      return jane.post('/environments', { ...definition, name });
    }
    // Made around the permissions that are tried.
    await knex('environments').insert({
      name,
      type: 'testing',
      definition: JSON.stringify({ ...definition, name, target: {} }),
      version: 1,
      state: 'active',
      expires_at: Date.now() + 60_000,
      created_by: 'user:default/jane',
      created_at: 1,
      updated_at: 1,
    });
    const route = item.path.replace('{name}', name);
    if (item.method === 'POST') {
      return jane.post(route, BODIES[item.id]);
    }
    const sent =
      item.method === 'PUT'
        ? jane.put(route, BODIES[item.id])
        : jane.delete(route);
    return sent.set('If-Match', '*');
  };

  const send = (item: (typeof calls)[number]) =>
    item.method === 'GET'
      ? api.user('jane').get(fill(item.path))
      : api
          .user('jane')
          .post(fill(item.path), BODIES[item.id] ?? {})
          // Whoever decides a second time gets the answer of the first.
          .set(item.id === 'decideApproval' ? { 'Idempotency-Key': 'x' } : {});

  const call = (item: (typeof calls)[number]) => {
    if (item.path.startsWith('/environments') && item.method !== 'GET') {
      return callEnvironment(item);
    }
    if (item.id === 'retryRun' || item.id === 'undoRun') {
      const { id, [item.id]: body } = ended.pop()!;
      return api.user('jane').post(item.path.replace('{id}', id), body);
    }
    return send(item);
  };

  const countRows = async () =>
    Object.fromEntries(
      await Promise.all(
        CHANGING_TABLES.map(async table => [
          table,
          Number((await knex(table).count({ count: '*' }))[0].count),
        ]),
      ),
    );

  it('are all covered here', () => {
    expect(Object.keys(DENIED).sort()).toEqual(
      innominatusPermissions.map(({ name }) => name).sort(),
    );
  });

  it.each(innominatusPermissions.map(item => [item.name, item] as const))(
    'missing %s is noticed where it is asked for and nowhere else',
    async (name, permission) => {
      api.policy.deny(permission);
      const denied = DENIED[name];
      const before = await countRows();
      for (const item of calls.filter(({ id }) => denied[id])) {
        const response = await call(item);
        expect([item.id, response.status]).toEqual([item.id, denied[item.id]]);
        expect(contract.findingsOf('Problem', response.body)).toEqual([]);
      }
      expect(await countRows()).toEqual(before);
      const others = calls.filter(
        ({ id }) =>
          !denied[id] &&
          id !== 'deleteApplication' &&
          // Takes back a deployment that failed, and this one did not.
          id !== 'undoDeployment' &&
          // Accepts drift, and there is none.
          id !== 'acceptApplicationDrift',
      );
      for (const item of others) {
        const { status, text } = await call(item);
        expect([item.id, status < 300 || text]).toEqual([item.id, true]);
      }
    },
  );

  it('leave out what may not be read of what may', async () => {
    api.policy.deny(
      resourceReadPermission,
      environmentReadPermission,
      goldenPathReadPermission,
    );
    const jane = api.user('jane');
    for (const route of [
      '/applications/development/orders/resources',
      '/environments',
      '/golden-paths?count=true',
      '/schedules?count=true',
    ]) {
      const { body } = await jane.get(route).expect(200);
      expect(body.items).toEqual([]);
      expect(body.total ?? 0).toBe(0);
    }
    const { body } = await jane.get('/applications/development/orders');
    expect(body.resources).toEqual([]);
    const graph = await jane.get('/applications/development/orders/graph');
    expect(graph.text).not.toContain(resourceId);
  });

  it('are told with the reason on the objects themselves', async () => {
    api.policy.deny(
      applicationDeployPermission,
      goldenPathRunPermission,
      runControlPermission,
    );
    const jane = api.user('jane');
    const { body: application } = await jane.get(
      '/applications/development/orders',
    );
    expect(application.allowedActions).toMatchObject({
      plan: { allowed: true },
      deploy: {
        allowed: false,
        reason: expect.stringContaining('innominatus.application.deploy'),
      },
      delete: { allowed: true },
    });
    const { body: plan } = await jane.get(`/plans/${planId}`);
    expect(plan.allowedActions.deploy.allowed).toBe(false);
    const { body: goldenPath } = await jane.get('/golden-paths/say-hello');
    expect(goldenPath.allowedActions.run.allowed).toBe(false);
  });

  it('to run a golden path do not come with a higher priority', async () => {
    api.policy.deny(runControlPermission);
    const jane = api.user('jane');
    const run = (priority: number | string) =>
      jane.post('/golden-paths/say-hello/runs', { priority });
    const deploy = (priority: number) =>
      jane.post('/applications/development/orders/deployments', {
        entityRef: 'component:default/orders',
        priority,
      });
    const before = await countRows();
    for (const refused of [await run('high'), await run(1), await deploy(1)]) {
      expect([refused.status, refused.body.detail]).toEqual([
        403,
        expect.stringMatching(/priority \d+ is higher than the 0 of /),
      ]);
    }
    expect(await countRows()).toEqual(before);
    expect((await run('low')).body).toMatchObject({ priority: -50 });
    expect((await run(0)).status).toBe(202);
    expect((await deploy(-1)).status).toBe(202);
    api.policy.allowAll();
    expect((await run(100)).body).toMatchObject({ priority: 100 });
    expect((await run(101)).status).toBe(400);
  });

  it('to deploy do not come with a golden path that nobody may run', async () => {
    api.policy.deny(goldenPathRunPermission);
    const { status } = await api
      .user('jane')
      .post('/applications/development/orders/deployments', {
        entityRef: 'component:default/orders',
        goldenPath: 'deploy-app',
      });
    expect(status).toBe(403);
  });

  it('to run a golden path do not come with those to deploy', async () => {
    api.policy.deny(applicationDeployPermission);
    const before = await countRows();
    await api
      .user('jane')
      .post('/golden-paths/deploy-app/runs', {
        environment: 'development',
        entityRef: 'component:default/orders',
      })
      .expect(403);
    api.policy.allowAll();
    api.policy.deny(applicationDeletePermission);
    await api
      .user('jane')
      .post('/golden-paths/undeploy-app/runs', {
        environment: 'development',
        entityRef: 'component:default/orders',
      })
      .expect(403);
    expect(await countRows()).toEqual(before);
  });
});
