import {
  applicationReadPermission,
  resourceReadPermission,
  runReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  createApplicationConditionalDecision,
  createResourceConditionalDecision,
  createRunConditionalDecision,
  innominatusConditions,
} from '../access/rules';
import { TestApi, startTestApi } from '../__testUtils__/startTestApi';
import {
  ENTITIES,
  createPlatformDirectory,
  restrictToOwners,
  scoreOf,
} from '../__testUtils__/teams';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const locations = createPlatformDirectory();

describe.each(databases.each())('who owns an application, %s', databaseId => {
  let api: TestApi;
  /** Alice's application, with everything that belongs to it. */
  let orders: { plan: string; deployment: string; run: string; child: string };
  let resource: string;
  let hello: string;

  beforeAll(async () => {
    api = await startTestApi({
      knex: await databases.initEmpty(databaseId),
      locations,
      entities: ENTITIES,
    });
    restrictToOwners(api.policy);
    const deploy = async (user: string, name: string) => {
      const route = `/applications/development/${name}`;
      const body = { entityRef: `component:default/${name}` };
      const plan = await api.user(user).post(`${route}/plans`, body);
      const { body: deployment } = await api
        .user(user)
        .post(`${route}/deployments`, body)
        .expect(202);
      await api.waitForDeployment(deployment.id);
      const { body: run } = await api
        .user(user)
        .get(`/runs/${deployment.runId}`);
      return {
        plan: plan.body.id,
        deployment: deployment.id,
        run: run.id,
        child: run.steps.flatMap(
          (step: { childRuns: string[] }) => step.childRuns,
        )[0],
      };
    };
    orders = await deploy('alice', 'orders');
    await deploy('mallory', 'payments');
    const { body } = await api
      .user('alice')
      .get('/applications/development/orders/resources');
    resource = body.items[0].id;
    const run = await api.user('alice').post('/golden-paths/say-hello/runs');
    hello = run.body.id;
    await api.waitForRun(hello);
  });

  it('decides what lists show and count', async () => {
    for (const [route, own, all] of [
      ['/applications', 1, 2],
      ['/deployments', 1, 2],
      ['/resources', 1, 2],
    ] as const) {
      const { body } = await api.user('mallory').get(`${route}?count=true`);
      expect([route, body.total, body.items.length]).toEqual([route, own, own]);
      expect(JSON.stringify(body)).not.toContain('orders');
      const admin = await api.user('admin').get(`${route}?count=true`);
      expect(admin.body.total).toBe(all);
    }
    const { body: runs } = await api.user('mallory').get('/runs?count=true');
    expect(runs.total).toBe(1);
    expect(JSON.stringify(runs)).not.toMatch(/orders|say-hello/);
    const { body: nested } = await api
      .user('mallory')
      .get(`/runs?filter[parentRun]=${orders.run}&count=true`);
    expect(nested).toMatchObject({ items: [], total: 0 });
  });

  it('cannot be got around with filters', async () => {
    for (const route of [
      '/applications?filter[owner]=group:default/team-a',
      '/applications?filter[name]=orders&filter[status]=succeeded,pending,running',
      '/deployments?filter[name]=orders&filter[status]=pending,running,succeeded',
      '/runs?filter[application]=orders&filter[initiator]=user:default/alice',
      '/resources?filter[workload]=orders&filter[state]=active,terminated',
    ]) {
      const { body } = await api.user('mallory').get(route).expect(200);
      expect(body.items).toEqual([]);
    }
  });

  it('hides single objects, whoever knows their id', async () => {
    const { body: run } = await api.user('alice').get(`/runs/${orders.run}`);
    const mallory = api.user('mallory');
    for (const id of [orders.run, String(run.number), orders.child, hello]) {
      for (const suffix of ['', '/graph', '/steps', '/steps/render', '/logs']) {
        const { status, body } = await mallory.get(`/runs/${id}${suffix}`);
        expect([suffix, status, body.detail]).toEqual([
          suffix,
          404,
          `There is no run "${id}"`,
        ]);
      }
      for (const [suffix, type] of [
        ['/events', 'text/event-stream'],
        ['/logs', 'text/event-stream'],
        ['/logs', 'text/plain'],
      ]) {
        const response = await mallory
          .get(`/runs/${id}${suffix}`)
          .set('Accept', type);
        expect(response.status).toBe(404);
        expect(response.text).not.toContain('event:');
      }
      await mallory.post(`/runs/${id}/cancel`).expect(404);
    }
    for (const route of [
      '/applications/development/orders',
      '/applications/development/orders/resources',
      '/applications/development/orders/revisions',
      '/applications/development/orders/graph',
      `/deployments/${orders.deployment}`,
      `/plans/${orders.plan}`,
      `/resources/${resource}`,
      `/resources/${resource}/transitions`,
    ]) {
      await mallory.get(route).expect(404);
      await api.user('alice').get(route).expect(200);
    }
  });

  it('answers the same words for what is hidden and what is not there', async () => {
    const words = async (route: string, name: string) => {
      const { body } = await api.user('mallory').get(route).expect(404);
      return JSON.stringify(body).replaceAll(name, 'X');
    };
    for (const [hidden, absent] of [
      ['/applications/development/orders', '/applications/development/nobody'],
      [`/runs/${orders.run}`, '/runs/nothing'],
      [`/deployments/${orders.deployment}`, '/deployments/nothing'],
      [`/resources/${resource}`, '/resources/nothing'],
    ]) {
      const nameOf = (route: string) => route.split('/').pop() ?? '';
      expect(await words(hidden, nameOf(hidden))).toBe(
        await words(absent, nameOf(absent)),
      );
    }
  });

  it('cannot be changed by planning or deploying over it', async () => {
    for (const body of [
      { score: scoreOf('orders') },
      { entityRef: 'component:default/orders' },
      { entityRef: 'component:default/payments' },
      { action: 'rollback', target: { revision: 1 } },
      { action: 'delete' },
      { action: 'deprovision' },
      {},
    ]) {
      for (const suffix of ['plans', 'deployments']) {
        await api
          .user('mallory')
          .post(`/applications/development/orders/${suffix}`, body)
          .expect(404);
      }
    }
    for (const [name, body] of [
      ['deploy-app', { score: scoreOf('orders') }],
      ['deploy-app', { entityRef: 'component:default/orders' }],
      ['undeploy-app', { score: scoreOf('orders') }],
    ] as const) {
      await api
        .user('mallory')
        .post(`/golden-paths/${name}/runs`, {
          environment: 'development',
          ...body,
        })
        .expect(404);
    }
    const { body } = await api
      .user('alice')
      .get('/deployments?filter[name]=orders&count=true');
    expect(body.total).toBe(1);
  });

  it('does not matter where a policy asks for the environment', async () => {
    const only = {
      environments: ['production'],
    };
    api.policy.decide(applicationReadPermission, () =>
      createApplicationConditionalDecision(applicationReadPermission, {
        not: innominatusConditions.application.hasEnvironment({
          environments: ['development'],
        }),
      }),
    );
    api.policy.decide(runReadPermission, () =>
      createRunConditionalDecision(
        runReadPermission,
        innominatusConditions.run.hasEnvironment(only),
      ),
    );
    api.policy.decide(resourceReadPermission, () =>
      createResourceConditionalDecision(
        resourceReadPermission,
        innominatusConditions.resource.hasEnvironment(only),
      ),
    );
    const jane = api.user('jane');
    for (const kind of ['applications', 'deployments', 'runs', 'resources']) {
      const { body } = await jane.get(`/${kind}?count=true`).expect(200);
      expect([kind, body.items, body.total]).toEqual([kind, [], 0]);
    }
    for (const route of [
      '/applications/development/orders',
      `/plans/${orders.plan}`,
      `/deployments/${orders.deployment}`,
      `/runs/${orders.child}/logs`,
      `/resources/${resource}`,
    ]) {
      await jane.get(route).expect(404);
    }
    api.policy.allowAll();
    restrictToOwners(api.policy);
  });
});
