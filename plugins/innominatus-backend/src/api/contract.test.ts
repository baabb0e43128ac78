import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Response } from 'supertest';
import { OpenApiContract } from '../__testUtils__/OpenApiContract';
import { startOutsideApi } from '../__testUtils__/startOutsideApi';
import {
  EXAMPLE_LOCATIONS,
  TestApi,
  exampleEntities,
  exampleScore,
  startTestApi,
} from '../__testUtils__/startTestApi';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const contract = OpenApiContract.load();
const WEBHOOK_SECRET = 'a secret for webhooks';

/** The data of a stream of events, by the name of the event. */
function eventsOf(response: Response, event: string): unknown[] {
  return [...response.text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)]
    .filter(([, name]) => name === event)
    .map(([, , data]) => JSON.parse(data));
}

describe('the answers of the API', () => {
  let api: TestApi;
  let deploymentId: string;
  let runId: string;

  const get = async (route: string, status = 200) => {
    const response = await api.user('admin').get(route);
    expect([response.status, response.text]).toEqual([status, response.text]);
    expect(contract.findings(response)).toEqual([]);
    return response;
  };
  /** Lists with `fields` leave out what is required otherwise. */
  const getFields = async (route: string) => {
    const response = await api.user('admin').get(route).expect(200);
    const fields = new URL(route, 'http://api').searchParams.get('fields');
    expect(Object.keys(response.body.items[0]).sort()).toEqual(
      fields?.split(',').sort(),
    );
    expect(
      contract
        .findings(response)
        .filter(finding => !finding.includes('must have required property')),
    ).toEqual([]);
  };
  const post = async (
    route: string,
    options: { body?: object; status: number; operation: string },
  ) => {
    const { body, status, operation } = options;
    expect(body ? contract.requestFindings(operation, body) : []).toEqual([]);
    const response = await api.user('admin').post(route, body);
    expect([response.status, response.text]).toEqual([status, response.text]);
    expect(contract.findings(response)).toEqual([]);
    return response;
  };

  beforeAll(async () => {
    api = await startTestApi({
      knex: await databases.initEmpty('SQLITE_3'),
      locations: EXAMPLE_LOCATIONS,
      entities: exampleEntities(),
      groupOf: () => 'group:default/platform-team',
      config: { locationWebhook: { secrets: [WEBHOOK_SECRET] } },
    });
  });

  it('tell the version', async () => {
    const { body } = await get('/version');
    expect(body.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('check Score specs', async () => {
    const { body } = await post('/score/validate', {
      operation: 'validateScore',
      body: { score: exampleScore('orders'), file: 'orders.yaml' },
      status: 200,
    });
    expect(body).toMatchObject({ valid: true, file: 'orders.yaml' });
    const broken = await post('/score/validate', {
      operation: 'validateScore',
      body: { score: exampleScore('broken') },
      status: 200,
    });
    expect(broken.body.valid).toBe(false);
    expect(broken.body.issues.length).toBeGreaterThan(1);
  });

  it('explain Score specs', async () => {
    const { body } = await post('/score/analyze', {
      operation: 'analyzeScore',
      body: { score: exampleScore('orders') },
      status: 200,
    });
    expect(Object.keys(body).length).toBeGreaterThan(3);
    await post('/score/analyze', {
      operation: 'analyzeScore',
      body: { score: exampleScore('broken') },
      status: 422,
    });
    const { body: migrated } = await post('/score/migrate', {
      operation: 'migrateScore',
      body: {
        score: `${exampleScore('orders')}environment: { type: staging }\n`,
        file: 'orders.yaml',
      },
      status: 200,
    });
    expect(migrated).toMatchObject({ kind: 'score', file: 'orders.yaml' });
    expect(migrated.text).not.toContain('environment: {');
    await post('/score/migrate', {
      operation: 'migrateScore',
      body: { score: 'a: [' },
      status: 422,
    });
    const schema = await get('/score/schema');
    expect(JSON.parse(schema.text)).toHaveProperty('properties.containers');
  });

  it('generate manifests of Score specs', async () => {
    const request = {
      operation: 'generateScore',
      body: { score: exampleScore('orders'), namespace: 'team-a' },
      status: 200,
    };
    const { body } = await post('/score/generate', request);
    expect(body.manifests.length).toBeGreaterThan(1);
    expect(body.text).toContain('namespace: team-a');
    expect((await post('/score/generate', request)).body).toEqual(body);
    const broken = await post('/score/generate', {
      operation: 'generateScore',
      body: {
        specs: [
          { score: exampleScore('orders'), file: 'orders.yaml' },
          { score: exampleScore('broken'), file: 'broken.yaml' },
        ],
      },
      status: 422,
    });
    expect(broken.body.issues).toContainEqual(
      expect.objectContaining({ file: 'broken.yaml', line: 6 }),
    );
    await post('/score/generate', {
      operation: 'generateScore',
      body: {},
      status: 400,
    });
  });

  it('show environments, providers and golden paths', async () => {
    const environments = await get('/environments?count=true&sort=-order');
    expect(
      environments.body.items.map(({ name }: { name: string }) => name),
    ).toEqual(['production', 'staging', 'development']);
    await get('/environments/production');
    const providers = await get('/providers?limit=1&count=true');
    expect(providers.body.items).toHaveLength(1);
    await get(`/providers?cursor=${providers.body.nextCursor}`);
    await get('/providers/simulator');
    await post('/providers/refresh', {
      operation: 'refreshProviders',
      status: 200,
    });
    const locations = await get('/locations?count=true&sort=-target');
    expect(locations.body.total).toBe(EXAMPLE_LOCATIONS.length);
    await post('/resources/nothing/callback', {
      operation: 'reportResource',
      body: { status: 'succeeded' },
      status: 401,
    });
    const body = '{}';
    await post('/locations/webhook', {
      operation: 'receiveLocationWebhook',
      status: 401,
    });
    const pushed = await api.anonymous
      .post('/locations/webhook', body)
      .set(
        'X-Hub-Signature-256',
        `sha256=${createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex')}`,
      );
    expect([pushed.status, contract.findings(pushed)]).toEqual([202, []]);
    const paths = await get('/golden-paths?filter[tag]=score&count=true');
    expect(paths.body.total).toBe(4);
    await get('/golden-paths/db-lifecycle');
  });

  it('make, change, extend and remove environments', async () => {
    const body = { name: 'qa', type: 'testing', variables: { region: 'eu' } };
    await post('/environments', {
      operation: 'createEnvironment',
      body,
      status: 201,
    });
    const short = await post('/environments', {
      operation: 'createEnvironment',
      body: { ephemeral: { from: 'development', pullRequest: 7, ttl: '3h' } },
      status: 201,
    });
    await post('/environments', {
      operation: 'createEnvironment',
      body: { ephemeral: { from: 'development', pullRequest: 7 } },
      status: 200,
    });
    await post(`/environments/${short.body.name}/extend`, {
      operation: 'extendEnvironment',
      body: { by: '1h' },
      status: 200,
    });
    const { headers } = await get('/environments/qa');
    const admin = api.user('admin');
    const { name, ...changed } = { ...body, concurrency: 2 };
    expect(contract.requestFindings('updateEnvironment', changed)).toEqual([]);
    const updated = await admin
      .put('/environments/qa', changed)
      .set('If-Match', headers.etag)
      .expect(200);
    expect(contract.findings(updated)).toEqual([]);
    const removed = await admin
      .delete('/environments/qa')
      .set('If-Match', '*')
      .expect(202);
    expect(contract.findings(removed)).toEqual([]);
    const { body: copies } = await get(
      '/environments?filter[copyOf]=development&count=true',
    );
    expect(copies.total).toBe(1);
    await admin
      .delete(`/environments/${short.body.name}`)
      .set('If-Match', '*')
      .expect(202);
  });

  it('show policies and hold cases against them', async () => {
    const { body } = await get('/policies?count=true&filter[tier]=platform');
    expect(body.total).toBe(4);
    await get('/policies/production-ready');
    await get('/policies/nothing', 404);
    const cases = [
      { name: 'a', expect: { result: 'pass' } },
      { name: 'b', expect: { result: 'deny' } },
    ];
    const used = await post('/policies/test', {
      operation: 'testPolicies',
      body: { cases },
      status: 200,
    });
    expect(
      used.body.items.map((item: { passed: boolean }) => item.passed),
    ).toEqual([true, false]);
    await post('/policies/test', {
      operation: 'testPolicies',
      body: { policies: 'kind: Policy', cases },
      status: 422,
    });
  });

  it('plan, deploy and follow', async () => {
    const body = { action: 'deploy', score: exampleScore('orders') };
    const plan = await post('/applications/development/orders/plans', {
      operation: 'planApplication',
      body,
      status: 201,
    });
    expect(plan.headers.location).toBe(
      `/api/innominatus/v1/plans/${plan.body.id}`,
    );
    await get(`/plans/${plan.body.id}`);
    const deployed = await post(
      '/applications/development/orders/deployments',
      {
        operation: 'deployApplication',
        body: { ...body, planHash: plan.body.hash },
        status: 202,
      },
    );
    deploymentId = deployed.body.id;
    runId = deployed.body.runId;
    expect(deployed.headers.location).toBe(
      `/api/innominatus/v1/deployments/${deploymentId}`,
    );
    await get(`/runs/${runId}`);
    const [events, logs] = await Promise.all([
      get(`/runs/${runId}/events`),
      api
        .user('admin')
        .get(`/runs/${runId}/logs`)
        .set('Accept', 'text/event-stream'),
    ]);
    expect(contract.findings(logs)).toEqual([]);
    const runs = eventsOf(events, 'run');
    const lines = eventsOf(logs, 'log');
    expect(runs.length).toBeGreaterThan(2);
    expect(lines.length).toBeGreaterThan(2);
    expect(
      runs.flatMap(item => contract.findingsOf('RunSummary', item)),
    ).toEqual([]);
    expect(
      lines.flatMap(item => contract.findingsOf('RunLogLine', item)),
    ).toEqual([]);
    const { status } = await api.waitForDeployment(deploymentId);
    expect(status).toBe('succeeded');
  });

  it('show what was deployed', async () => {
    await get('/applications?count=true&filter[status]=succeeded');
    await getFields('/applications?fields=name,status&sort=-updatedAt');
    const { body } = await get('/applications/development/orders');
    expect(body.resources).toHaveLength(3);
    await get('/applications/development/orders/resources');
    await get('/applications/development/orders/revisions?limit=1&before=9');
    const graph = await get('/applications/development/orders/graph');
    expect(graph.body.nodes.length).toBeGreaterThan(3);
    await get('/deployments?count=true&filter[status]=succeeded');
    await get(`/deployments/${deploymentId}`);
    const resources = await get('/resources?count=true&filter[state]=active');
    expect(resources.body.total).toBe(3);
    for (const { id } of resources.body.items) {
      await get(`/resources/${id}`);
      const transitions = await get(`/resources/${id}/transitions`);
      expect(transitions.body.items.length).toBeGreaterThan(1);
    }
    expect(JSON.stringify(resources.body)).not.toMatch(/pg-[0-9a-f]/);
    const [database] = (await get('/resources?filter[name]=db')).body.items;
    const revealed = await post(`/resources/${database.id}/reveal`, {
      operation: 'revealResourceOutput',
      body: { output: 'password', reason: 'The contract says so' },
      status: 200,
    });
    expect(revealed.body.value).toMatch(/^pg-[0-9a-f]/);
    const checked = await post(`/resources/${database.id}/health-check`, {
      operation: 'checkResourceHealth',
      status: 200,
    });
    expect(checked.body.health.status).toBe('healthy');
    const health = await get(`/resources/${database.id}/health?limit=5`);
    expect(health.body.items).toHaveLength(1);
    const after = await get('/applications/development/orders');
    expect(after.body.health).toEqual({
      status: 'healthy',
      degraded: 0,
      total: 3,
    });
  });

  it('preview other providers and golden paths', async () => {
    const read = (file: string) =>
      readFileSync(path.join(EXAMPLE_LOCATIONS[1], '..', file), 'utf8');
    const { body: providers } = await post('/providers/impact', {
      operation: 'previewProviders',
      body: {
        files: [
          {
            name: 'provider.yaml',
            text: read('providers/simulator/provider.yaml').replace(
              'version: 1.0.0',
              'version: 1.1.0',
            ),
          },
        ],
      },
      status: 200,
    });
    expect(providers.items).toHaveLength(1);
    const { body: goldenPaths } = await post('/golden-paths/impact', {
      operation: 'previewGoldenPaths',
      body: {
        files: [
          {
            name: 'deploy-app.yaml',
            text: `${read('golden-paths/deploy-app.yaml')}\n`.replace(
              /\n {2}steps:\n/,
              '\n  steps:\n    - { name: first, type: simulate }\n',
            ),
          },
        ],
      },
      status: 200,
    });
    expect(goldenPaths.items[0].goldenPath.steps.added).toContain('first');
  });

  it('show what drifted, and accept it', async () => {
    const route = '/applications/development/drifting';
    const deployment = await post(`${route}/deployments`, {
      operation: 'deployApplication',
      body: {
        score: [
          'apiVersion: score.dev/v1b1',
          'metadata: { name: drifting }',
          'containers: { main: { image: "nginx:1.27" } }',
          'resources:',
          '  db: { type: postgres, params: { delay: 0s, drift: changed, driftAfter: 0 } }',
        ].join('\n'),
      },
      status: 202,
    });
    await api.waitForDeployment(deployment.body.id);
    const nothing = await get(`${route}/drift`);
    expect(nothing.body).toMatchObject({ status: 'unknown', resources: [] });
    const checked = await post(`${route}/drift/check`, {
      operation: 'checkApplicationDrift',
      body: { resource: 'db' },
      status: 200,
    });
    expect(checked.body).toMatchObject({ status: 'drifted', count: 1 });
    const application = await get(route);
    expect(application.body.drift).toEqual({ count: 1 });
    const looks = await get('/runs?filter[purpose]=drift');
    expect(looks.body.items).toHaveLength(1);
    const plan = await post(`${route}/plans`, {
      operation: 'planApplication',
      body: { action: 'repair', resources: ['db'] },
      status: 201,
    });
    expect(plan.body.summary.update).toBe(1);
    expect(plan.body.repairs).toEqual(['db']);
    const accepted = await post(`${route}/drift/accept`, {
      operation: 'acceptApplicationDrift',
      body: {
        resource: 'db',
        version: checked.body.resources[0].version,
        reason: 'It moved',
      },
      status: 200,
    });
    expect(accepted.body).toMatchObject({ status: 'none', count: 0 });
  });

  it('show what ran', async () => {
    await get('/runs?count=true&limit=1');
    await get(`/runs?filter[parentRun]=${runId}`);
    await getFields('/runs?fields=id,status');
    const { body: run } = await get(`/runs/${runId}`);
    await get(`/runs/${run.number}`);
    await get(`/runs/${runId}/graph`);
    await get(`/runs/${runId}/steps`);
    for (const { name, childRuns } of run.steps) {
      await get(`/runs/${runId}/steps/${name}`);
      for (const child of childRuns) {
        await get(`/runs/${child}`);
      }
    }
    const logs = await get(`/runs/${runId}/logs?limit=2&search=a`);
    expect(logs.body.nextAfter).toBeDefined();
    const text = await api
      .user('admin')
      .get(`/runs/${runId}/logs`)
      .set('Accept', 'text/plain');
    expect(contract.findings(text)).toEqual([]);
  });

  it('show schedules, hold them and start their runs', async () => {
    const { body: page } = await get('/schedules?count=true&sort=-name');
    expect(page.total).toBe(1);
    const route = `/schedules/${page.items[0].name}`;
    const { body: schedule } = await get(route);
    expect(schedule.nextTimes).toHaveLength(3);
    const { body: paused } = await post(`${route}/pause`, {
      operation: 'pauseSchedule',
      status: 200,
    });
    expect(paused).toMatchObject({
      paused: { by: 'user:default/admin' },
      nextTimes: [],
      allowedActions: { pause: { allowed: false }, resume: { allowed: true } },
    });
    const { body: resumed } = await post(`${route}/resume`, {
      operation: 'resumeSchedule',
      status: 200,
    });
    expect(resumed.nextTimes).toEqual(schedule.nextTimes);
    const { body: run, headers } = await post(`${route}/trigger`, {
      operation: 'triggerSchedule',
      status: 202,
    });
    expect(headers.location).toBe(`/api/innominatus/v1/runs/${run.id}`);
    expect(run.initiator).toBe('user:default/admin');
    const { body: after } = await get(route);
    expect(after.lastRun).toMatchObject({ id: run.id });
    await post(`/runs/${run.id}/cancel`, {
      operation: 'cancelRun',
      status: 202,
    });
  });

  it('run a golden path and cancel it', async () => {
    const { body: run, headers } = await post(
      '/golden-paths/db-lifecycle/runs',
      {
        operation: 'runGoldenPath',
        body: { parameters: { database: 'orders', operation: 'migration' } },
        status: 202,
      },
    );
    expect(headers.location).toBe(`/api/innominatus/v1/runs/${run.id}`);
    await post(`/runs/${run.id}/pause`, { operation: 'pauseRun', status: 202 });
    await post(`/runs/${run.id}/resume`, {
      operation: 'resumeRun',
      status: 202,
    });
    await post(`/runs/${run.id}/cancel`, {
      operation: 'cancelRun',
      body: { reason: 'changed my mind' },
      status: 202,
    });
    const ended = await api.waitForRun(run.id);
    expect(ended.status).toBe('cancelled');
    const again = await api.user('admin').get(`/runs/${run.id}`);
    expect(contract.findings(again)).toEqual([]);
  });

  it('ask people and take their answers', async () => {
    const { body: run } = await post('/golden-paths/staged-release/runs', {
      operation: 'runGoldenPath',
      body: { parameters: { version: '1.2.3' } },
      status: 202,
    });
    const id = await api.waitForApproval(run.id);
    await get(`/runs/${run.id}`);
    await get('/runs?filter[status]=waiting');
    await getFields('/approvals?fields=id,state,allowedActions');
    await get('/approvals?count=true&filter[state]=pending');
    await get(`/approvals/${id}`);
    const answer = await api.user('admin').get(`/approvals/${id}`).expect(200);
    expect(answer.body.message).toContain('The error rate is 0.02 %');
    await post(`/approvals/${id}/decisions`, {
      operation: 'decideApproval',
      body: { decision: 'approve', reason: 'The error rate is low' },
      status: 202,
    });
    const last = await api.waitForApproval(run.id);
    expect(last).not.toBe(id);
    await post(`/approvals/${last}/decisions`, {
      operation: 'decideApproval',
      body: { decision: 'reject' },
      status: 202,
    });
    const ended = await api.waitForRun(run.id);
    expect(ended.failure.error.code).toBe('APPROVAL_REJECTED');
    const again = await api.user('admin').get(`/runs/${run.id}`);
    expect(contract.findings(again)).toEqual([]);
  });

  it('retry and undo a run', async () => {
    const { body: run } = await post('/golden-paths/db-lifecycle/runs', {
      operation: 'runGoldenPath',
      // It asks first, so that it is there as long as it is needed.
      body: { parameters: { database: 'orders', operation: 'restore' } },
      status: 202,
    });
    await get(`/runs/${run.id}/retry-preview`, 409);
    const question = `/runs/${run.id}/steps/agree`;
    while ((await get(question)).body.status !== 'waiting') {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    await post(`/runs/${run.id}/cancel`, {
      operation: 'cancelRun',
      status: 202,
    });
    await api.waitForRun(run.id);
    const { body: preview } = await get(`/runs/${run.id}/retry-preview`);
    const { body: retry, headers } = await post(`/runs/${run.id}/retry`, {
      operation: 'retryRun',
      body: {
        previewVersion: preview.version,
        acknowledge: preview.acknowledge,
      },
      status: 202,
    });
    expect(headers.location).toBe(`/api/innominatus/v1/runs/${retry.id}`);
    const retries = await get(`/runs?filter[retryOf]=${run.id}`);
    expect(retries.body.items).toHaveLength(1);
    await get(`/runs/${run.id}`);
    await post(`/runs/${retry.id}/cancel`, {
      operation: 'cancelRun',
      status: 202,
    });
    await api.waitForRun(retry.id);
    await get(`/runs/${retry.id}/undo-preview`);
    const again = await post('/golden-paths/db-lifecycle/runs', {
      operation: 'runGoldenPath',
      body: { parameters: { database: 'orders', operation: 'backup' } },
      status: 202,
    });
    const ended = await api.waitForRun(again.body.id);
    const { body: undo } = await get(`/runs/${ended.id}/undo-preview`);
    const undone = await post(`/runs/${ended.id}/undo`, {
      operation: 'undoRun',
      body: { previewVersion: undo.version, acknowledge: undo.acknowledge },
      status: 202,
    });
    await api.waitForRun(undone.body.id);
    await get(`/runs?filter[undoOf]=${ended.id}`);
  });

  it('deploy and remove through golden paths', async () => {
    const { body: run } = await post('/golden-paths/deploy-app/runs', {
      operation: 'runGoldenPath',
      body: {
        environment: 'staging',
        entityRef: 'component:default/orders',
      },
      status: 202,
    });
    await get('/applications/staging/orders');
    await get('/applications/staging/orders/graph');
    await get(`/deployments/${run.deployment.id}`);
    await post(`/runs/${run.id}/cancel`, {
      operation: 'cancelRun',
      status: 202,
    });
    await api.waitForDeployment(run.deployment.id);
    const removal = await post('/applications/staging/orders/plans', {
      operation: 'planApplication',
      body: { action: 'delete' },
      status: 201,
    });
    const deleted = await post('/applications/staging/orders/deployments', {
      operation: 'deployApplication',
      body: { action: 'delete', planHash: removal.body.hash },
      status: 202,
    });
    expect(deleted.body.action).toBe('delete');
  });

  it('take back what failed, and compare what is deployed', async () => {
    const score = `apiVersion: score.dev/v1b1
metadata: { name: fails }
containers: { main: { image: 'registry.example/fails:1.0.0' } }
resources: { db: { type: postgres, params: { failWith: no space left } } }
`;
    const { body } = await post('/applications/development/fails/deployments', {
      operation: 'deployApplication',
      body: { action: 'deploy', score },
      status: 202,
    });
    await api.waitForDeployment(body.id);
    const failed = await get(`/deployments/${body.id}`);
    expect(failed.body.recovery.undo.request.action).toBe('deprovision');
    const undo = await post(`/deployments/${body.id}/undo`, {
      operation: 'undoDeployment',
      body: {},
      status: 202,
    });
    await api.waitForDeployment(undo.body.id);
    await post(`/deployments/${body.id}/cancel`, {
      operation: 'cancelDeployment',
      body: { reason: 'It has ended anyway' },
      status: 200,
    });
    const diff = await get(
      '/applications/development/fails/diff?with=development/orders',
    );
    expect(diff.body.score).toContain('+  name: orders');
  });

  it('take reports about what is made outside', async () => {
    const outside = await startOutsideApi({ databases });
    const { resourceId, send } = await outside.deploy();
    const { body } = await outside.api
      .user('admin')
      .get(`/resources/${resourceId}`);
    expect(body.waitingFor.link.url).toBe('https://desk.example/T-1');
    for (const [report, status] of [
      [{ status: 'running', message: 'Ada looks at it' }, 202],
      [{ status: 'succeeded', outputs: { name: 7 } }, 422],
      [{ status: 'succeeded', outputs: { name: 'allow-orders' } }, 202],
      [{ status: 'failed' }, 409],
    ] as const) {
      expect(contract.requestFindings('reportResource', report)).toEqual([]);
      const response = await send(report);
      expect([response.status, response.text]).toEqual([status, response.text]);
      expect(contract.findings(response)).toEqual([]);
    }
    await outside.api.stop();
  });

  it('cover every operation that is declared', () => {
    expect(contract.unused).toEqual([]);
  });
});
