import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';
import { PlanPolicyInput } from './PlanPolicies';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const WITH_BUDGET = PLATFORM.replace(
  'spec: { type: development }',
  'spec: { type: development, budget: { monthly: 60, onExceed: block } }',
).replace(
  '    - type: postgres\n',
  '    - type: postgres\n      cost: { monthly: 10, params: { size: { large: 45 } } }\n',
);

describe.each(databases.each())('plans on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;
  const files = new Map([['platform.yaml', PLATFORM]]);
  const judged: PlanPolicyInput[] = [];
  let verdicts: Array<{
    name: string;
    result: 'pass' | 'warn' | 'deny';
    message?: string;
  }> = [];

  const start = async (options: { text?: string; costs?: object } = {}) => {
    files.set('platform.yaml', options.text ?? PLATFORM);
    platform = await createTestPlatform({
      knex,
      files,
      costs: options.costs,
      policies: {
        evaluate: async input => {
          judged.push(input);
          return verdicts;
        },
      },
    });
  };

  const send = (route: string, score: string, more: object = {}) =>
    platform.api
      .post(`/applications/development/orders/${route}`)
      .send({ action: 'deploy', score, ...more });
  const plan = (score: string, more: object = {}) => send('plans', score, more);
  const deploy = (score: string, more: object = {}) =>
    platform.deploy('development/orders', { action: 'deploy', score, ...more });

  beforeEach(async () => {
    knex = await databases.init(id);
    judged.length = 0;
    verdicts = [];
  });

  afterEach(async () => {
    await platform.stop();
  });

  it('shows what changes in manifests, as a diff and field by field', async () => {
    await start();
    await deploy(SCORE);
    const { body } = await plan(SCORE.replace('1.0.0', '2.0.0'));
    const [manifest] = body.manifests.filter(
      (item: { action: string }) => item.action === 'update',
    );
    expect(manifest).toMatchObject({ kind: 'Deployment', name: 'orders' });
    expect(manifest.diff).toContain(
      '\n-          image: registry.example/orders:1.0.0\n+          image: registry.example/orders:2.0.0\n',
    );
    expect(manifest.changes).toContainEqual({
      path: 'spec.template.spec.containers.0.image',
      before: 'registry.example/orders:1.0.0',
      after: 'registry.example/orders:2.0.0',
    });
  });

  it('says what it costs, now and then, and without what', async () => {
    await start({
      text: WITH_BUDGET,
      costs: { currency: 'CHF', prices: [{ type: 'dns', monthly: 1.5 }] },
    });
    const first = await plan(SCORE);
    expect(first.body.cost).toEqual({
      currency: 'CHF',
      monthly: 11.5,
      items: [
        { resource: 'db', type: 'postgres', monthly: 10 },
        { resource: 'dns', type: 'dns', monthly: 1.5 },
      ],
      unpriced: ['route'],
      budget: { limit: 60, total: 11.5, result: 'within' },
    });
    await deploy(SCORE);
    const larger = await plan(SCORE.replace('size: small', 'size: large'));
    expect(larger.body.cost).toMatchObject({
      monthly: 56.5,
      monthlyBefore: 11.5,
    });
  });

  it('lets nobody deploy over the budget of the environment, unless it saves', async () => {
    await start({ text: WITH_BUDGET });
    const other = SCORE.replace('name: orders', 'name: other');
    const large = SCORE.replace('size: small', 'size: large');
    await platform.deploy('development/other', {
      action: 'deploy',
      score: other.replace('size: small', 'size: large'),
    });
    const { body } = await plan(SCORE);
    expect(body.cost.budget).toMatchObject({ total: 65, result: 'block' });
    expect(body.allowedActions.deploy).toEqual({
      allowed: false,
      reason:
        'All applications in "development" together would cost 65.00 EUR per month; the budget is 60.00 EUR.',
    });
    const refused = await send('deployments', SCORE);
    expect(refused.status).toBe(422);
    expect(refused.body.code).toBe('BUDGET_EXCEEDED');
    await expect(
      knex('applications').where({ name: 'orders' }),
    ).resolves.toEqual([]);

    files.set(
      'platform.yaml',
      WITH_BUDGET.replace('monthly: 60', 'monthly: 120'),
    );
    await platform.registry.refresh();
    await deploy(large);
    files.set('platform.yaml', WITH_BUDGET);
    await platform.registry.refresh();
    const smaller = await plan(SCORE);
    expect(smaller.body.cost.budget.result).toBe('warn');
    expect(smaller.body.allowedActions.deploy.allowed).toBe(true);
  });

  it('asks the policies, and refuses what one denies', async () => {
    await start();
    verdicts = [
      { name: 'images', result: 'warn', message: 'Pin the image.' },
      { name: 'sizes', result: 'deny', message: 'No small databases.' },
    ];
    const { body } = await plan(SCORE, { parameters: {} });
    expect(body.policies).toEqual(verdicts);
    expect(judged[0]).toMatchObject({
      name: 'orders',
      action: 'deploy',
      environment: { name: 'development' },
      goldenPath: { name: 'deploy-app' },
      workload: { name: 'orders' },
    });
    expect(body.allowedActions.deploy.allowed).toBe(false);
    const refused = await send('deployments', SCORE);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      code: 'POLICY_DENIED',
      detail: expect.stringContaining('No small databases.'),
    });
  });

  it('warns of data that is lost and of images that may change', async () => {
    await start();
    await deploy(SCORE);
    const { body } = await plan(
      SCORE.replace('orders:1.0.0', 'orders').replace(
        /\n {2}dns:[\s\S]*$/,
        '\n',
      ),
    );
    expect(
      body.warnings.map((item: { code: string; resource?: string }) => [
        item.code,
        item.resource,
      ]),
    ).toEqual([
      // Its provider only says where it is.
      ['RESOURCE_STAYS', 'dns'],
      ['DATA_DESTROYED', 'route'],
      ['IMAGE_NOT_FIXED', undefined],
    ]);
  });

  it('leaves what is not asked for any more when it shall', async () => {
    await start();
    await deploy(SCORE);
    const smaller = SCORE.replace(/\n {2}dns:[\s\S]*$/, '\n');
    const { body } = await plan(smaller, { prune: false });
    expect(body.resources.map((item: object) => item)).toMatchObject([
      { name: 'db', action: 'keep' },
      { name: 'dns', action: 'keep', unused: true },
      { name: 'route', action: 'keep', unused: true },
    ]);
    expect(body.warnings).toMatchObject([
      { code: 'RESOURCE_UNUSED' },
      { code: 'RESOURCE_UNUSED' },
    ]);
    await deploy(smaller, { prune: false });
    const left = await platform.api.get('/resources');
    expect(left.body.items).toHaveLength(3);
    const next = await plan(smaller);
    expect(next.body.summary.delete).toBe(2);
  });

  it('learns from earlier runs how long it takes', async () => {
    await start();
    const first = await plan(SCORE);
    expect(first.body.estimatedFrom).toBe('definitions');
    expect(first.body.estimatedSeconds).toBeGreaterThan(1);
    const { run } = await deploy(SCORE);
    expect(run.failure).toBeUndefined();
    const again = await plan(SCORE.replace('size: small', 'size: large'));
    expect(again.body.estimatedFrom).toBe('history');
    // Every step of the simulator takes a few milliseconds.
    expect(again.body.estimatedSeconds).toBeLessThan(
      first.body.estimatedSeconds,
    );
  });

  it('says what moved when a plan is not the same any more', async () => {
    await start();
    const { body } = await plan(SCORE.replace('size: small', 'size: large'));
    await deploy(SCORE);
    verdicts = [{ name: 'images', result: 'warn', message: 'Pin it.' }];
    const changed = await send(
      'deployments',
      SCORE.replace('size: small', 'size: large'),
      { planHash: body.hash },
    );
    expect(changed.status).toBe(409);
    expect(changed.body.code).toBe('PLAN_CHANGED');
    expect(changed.body.moved).toEqual(
      expect.arrayContaining([
        'Resource db (postgres): update, not create',
        'Manifest Deployment/orders: keep, not create',
        'The policies judge it differently',
      ]),
    );
    expect(changed.body.detail).toContain('Resource db (postgres): update');
    const unknown = await send('deployments', SCORE, { planHash: 'x' });
    expect(unknown.body.moved).toBeUndefined();
  });

  it('keeps the plan of a deployment, and forgets the others in time', async () => {
    await start();
    const used = await plan(SCORE);
    const unused = await plan(SCORE.replace('1.0.0', '2.0.0'));
    const { deployment } = await deploy(SCORE, { planHash: used.body.hash });
    expect(deployment.planId).toBe(used.body.id);
    await knex('plans').update({ expires_at: 1 });
    await platform.plans.deleteExpired();
    const kept = await platform.api.get(`/plans/${used.body.id}`);
    expect(kept.status).toBe(200);
    const gone = await platform.api.get(`/plans/${unused.body.id}`);
    expect(gone.status).toBe(404);

    const next = await deploy(SCORE.replace('1.0.0', '3.0.0'));
    const made = await platform.api.get(`/plans/${next.deployment.planId}`);
    expect(made.body.hash).toBe(next.deployment.planHash);
  });

  it('asks the database no more for many resources than for few', async () => {
    await start();
    const withResources = (count: number) =>
      `${SCORE.replace(/\nresources:[\s\S]*$/, '\nresources:\n').replace(/ {4}variables:[\s\S]*?(?=resources:)/, '')}${Array.from(
        { length: count },
        (_, index) => `  dns-${index}: { type: dns }\n`,
      ).join('')}`;
    const queriesFor = async (count: number) => {
      let queries = 0;
      const listener = ({ sql }: { sql: string }) => {
        queries += /workflow_runs|run_events/.test(sql) ? 0 : 1;
      };
      knex.on('query', listener);
      const { status } = await plan(withResources(count));
      knex.removeListener('query', listener);
      expect(status).toBe(201);
      return queries;
    };
    await deploy(withResources(20));
    expect(await queriesFor(20)).toBeLessThanOrEqual(await queriesFor(2));
  });
});
