import { Response } from 'supertest';
import { OpenApiContract } from '../__testUtils__/OpenApiContract';
import {
  TestApi,
  exampleScore,
  startTestApi,
} from '../__testUtils__/startTestApi';
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
const DEPLOYMENTS = '/applications/development/orders/deployments';
const PLANS = '/applications/development/orders/plans';

describe('errors', () => {
  let api: TestApi;
  const get = (route: string) => api.user('jane').get(route);
  const post = (route: string, body: object) =>
    api.user('jane').post(route, body);

  beforeAll(async () => {
    api = await startTestApi({
      knex: await databases.initEmpty('SQLITE_3'),
      locations,
      entities: ENTITIES,
    });
  });

  function expectProblem(response: Response, status: number, code: string) {
    expect(contract.findings(response)).toEqual([]);
    const { body } = response;
    expect([response.status, body.status, body.code]).toEqual([
      status,
      status,
      code,
    ]);
    expect(body.error.message).toBe(body.detail);
    expect(response.headers['content-type']).toContain(
      'application/problem+json',
    );
  }

  it.each(
    contract.operations
      .filter(({ method }) => method === 'GET')
      .map(item => [item.path, item] as const)
      .filter(([path]) => path !== '/version'),
  )('of %s name the parameters that openapi.yaml declares', async (_, item) => {
    const { body: deployment } = await post(DEPLOYMENTS, {
      score: scoreOf('orders'),
    }).expect(202);
    await api.waitForDeployment(deployment.id);
    const { body: plan } = await post(PLANS, { score: scoreOf('orders') });
    const { body: resources } = await get('/resources');
    const [, kind] = item.path.split('/');
    const route = item.path
      .replace(
        '{id}',
        {
          // The parameters are looked at before the approval is.
          approvals: 'nothing',
          plans: plan.id,
          deployments: deployment.id,
          runs: deployment.runId,
          resources: resources.items[0].id,
        }[kind] ?? '',
      )
      .replace('{environment}', 'development')
      .replace(
        '{name}',
        {
          applications: 'orders',
          environments: 'development',
          providers: 'simulator',
          'golden-paths': 'say-hello',
          schedules: 'say-hello',
          // The parameters are looked at before the policy is.
          policies: 'nothing',
        }[kind] ?? '',
      )
      .replace('{step}', 'render');
    const response = await get(`${route}?bogus=1`);
    expectProblem(response, 400, 'BAD_REQUEST');
    const [, known = ''] = response.body.detail.split('Known are: ');
    expect(
      [...known.matchAll(/"([^"]+)"/g)].map(([, name]) => name).sort(),
    ).toEqual(contract.queryParameters(item).sort());
  });

  it('say what is not there', async () => {
    for (const route of [
      '/applications/development/nobody',
      '/applications/nowhere/orders',
      '/plans/nothing',
      '/deployments/nothing',
      '/runs/nothing',
      '/resources/nothing',
      '/environments/nowhere',
      '/golden-paths/nothing',
      '/providers/nobody',
    ]) {
      expectProblem(await get(route), 404, 'NOT_FOUND');
    }
    expectProblem(
      await post('/applications/nowhere/orders/plans', {
        score: scoreOf('orders'),
      }),
      404,
      'NOT_FOUND',
    );
    const { body } = await post('/golden-paths/nothing/runs', {});
    expect(body.detail).toBe('There is no golden path "nothing"');
  });

  it('name unknown and wrong fields of a body', async () => {
    const typo = await post(PLANS, { scor: scoreOf('orders') });
    expectProblem(typo, 400, 'BAD_REQUEST');
    expect(typo.body.detail).toContain('Did you mean "score"?');
    expectProblem(
      await post(PLANS, { action: 'destroy', score: scoreOf('orders') }),
      400,
      'BAD_REQUEST',
    );
    expectProblem(
      await post(PLANS, { score: 'x', entityRef: 'component:default/orders' }),
      400,
      'BAD_REQUEST',
    );
    expectProblem(
      await post(PLANS, { entityRef: 'component:default/nobody' }),
      400,
      'BAD_REQUEST',
    );
  });

  it('of a Score spec come as findings with their places', async () => {
    const response = await post('/applications/development/broken/plans', {
      score: exampleScore('broken'),
    });
    expectProblem(response, 422, 'SCORE_INVALID');
    expect(response.body.issues.length).toBeGreaterThan(1);
    expect(response.body.issues[0].line).toBeGreaterThan(0);
  });

  it('of parameters come as findings', async () => {
    const response = await post('/golden-paths/say-hello/runs', {
      parameters: { nam: 'you' },
    });
    expectProblem(response, 422, 'PARAMETERS_INVALID');
    expect(response.body.issues).not.toHaveLength(0);
  });

  it('tell that a plan changed, and start nothing', async () => {
    const { body: before } = await get('/deployments?count=true');
    expectProblem(
      await post(DEPLOYMENTS, {
        score: scoreOf('orders'),
        planHash: 'of another time',
      }),
      409,
      'PLAN_CHANGED',
    );
    const { body: after } = await get('/deployments?count=true');
    expect(after.total).toBe(before.total);
  });

  it('tell that an idempotency key was used for something else', async () => {
    const send = (key: string, body: object) =>
      post(DEPLOYMENTS, body).set('Idempotency-Key', key);
    const first = await send('a', { score: scoreOf('orders') }).expect(202);
    const again = await send('a', { score: scoreOf('orders') }).expect(202);
    expect(again.body).toEqual(first.body);
    expect(again.headers.location).toBe(first.headers.location);
    expectProblem(
      await send('a', { entityRef: 'component:default/orders' }),
      422,
      'IDEMPOTENCY_KEY_REUSED',
    );
    expectProblem(
      await send('not a key', { score: scoreOf('orders') }),
      400,
      'IDEMPOTENCY_KEY_INVALID',
    );
  });

  it('tell that there is nothing to bring back', async () => {
    const named = await post(PLANS, { action: 'repair', resources: ['db'] });
    expectProblem(named, 409, 'NOT_DRIFTED');
    const other = await post(PLANS, {
      score: scoreOf('orders'),
      resources: ['db'],
    });
    expectProblem(other, 400, 'BAD_REQUEST');
    const drift = '/applications/development/orders/drift/accept';
    expectProblem(
      await post(drift, { version: 'x', reason: 'Fine so' }),
      409,
      'DRIFT_CHANGED',
    );
    expectProblem(
      await post(drift, { resource: 'x', version: 'x', reason: 'Fine so' }),
      404,
      'NOT_FOUND',
    );
  });
});
