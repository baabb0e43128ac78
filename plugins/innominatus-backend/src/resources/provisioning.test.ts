import { Knex } from 'knex';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { eventually } from '../__testUtils__/TestEngine';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const SLOW = PLATFORM.replace(
  'duration: 1ms\n        outputs:',
  'duration: 1500ms\n        outputs:',
);

const SHARED = SCORE.replace('type: postgres', 'type: postgres\n    id: main');

const ONE_DATABASE = `apiVersion: score.dev/v1b1
metadata: { name: orders }
containers: { main: { image: 'registry.example/orders:1.0.0' } }
resources: { db: { type: postgres } }
`;

const ORDERS = { environment: 'development', workload: 'orders' };

describe.each(databases.each())('provisioning on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  const start = async (text: string) => {
    platform = await createTestPlatform({
      knex,
      files: new Map([['platform.yaml', text]]),
    });
  };

  const begin = async (): Promise<string> => {
    const { body } = await platform.api
      .post('/applications/development/orders/deployments')
      .send({ action: 'deploy', score: SCORE });
    await eventually(
      async () =>
        (await platform.resources.listUsedBy(ORDERS))[0].runId !== undefined,
    );
    return body.runId;
  };

  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await platform.resources.listUsedBy(ORDERS)).map(record => [
        record.name,
        record.state,
      ]),
    );

  beforeEach(async () => {
    knex = await databases.init(id);
  });

  afterEach(async () => {
    await platform.stop();
  });

  it('carries on with the run that a worker before it started', async () => {
    await start(SLOW);
    const runId = await begin();
    await platform.runtime.stop();
    await platform.ends.stop();
    await expect(states()).resolves.toMatchObject({ db: 'provisioning' });

    await start(SLOW);
    const run = await platform.waitForEnd(runId);
    expect(run.failure).toBeUndefined();
    expect(run.status).toBe('succeeded');
    await expect(
      knex('workflow_runs').where({ workflow: 'make-postgres' }),
    ).resolves.toHaveLength(1);
    const [db] = await platform.resources.listUsedBy(ORDERS);
    expect(
      (await platform.resources.transitions(db.id)).map(item => item.to),
    ).toEqual(['provisioning', 'active']);
  });

  it('is not disturbed by a worker that was taken for dead and noted the same before', async () => {
    await start(PLATFORM);
    const { resources } = platform;
    const transition = resources.transition.bind(resources);
    const noted: string[] = [];
    jest.spyOn(resources, 'transition').mockImplementation(async options => {
      if (!noted.includes(options.to)) {
        noted.push(options.to);
        await transition(options);
      }
      return transition(options);
    });
    const { run } = await platform.deploy('development/orders', {
      action: 'deploy',
      score: ONE_DATABASE,
    });
    expect(run.failure).toBeUndefined();
    await expect(states()).resolves.toEqual({ db: 'active' });
    const removal = await platform.deploy('development/orders', {
      action: 'delete',
    });
    expect(removal.run.failure).toBeUndefined();
    expect(noted).toEqual([
      'provisioning',
      'active',
      'terminating',
      'terminated',
    ]);
  });

  it('fails a resource whose outputs are not what its provider declares, and shows no secret', async () => {
    await start(
      PLATFORM.replace(
        'sensitive: true }',
        'sensitive: true, schema: { type: string, minLength: 100 } }',
      ),
    );
    const { run } = await platform.deploy('development/orders', {
      action: 'deploy',
      score: SCORE,
    });
    expect(run.failure?.error).toMatchObject({
      code: 'OUTPUT_INVALID',
      message: expect.stringContaining('The output "password" of "postgres"'),
    });
    expect(JSON.stringify(run)).not.toContain('s3cr3t-of');
    await expect(states()).resolves.toMatchObject({ db: 'failed' });
  });

  it('cancels the run that works on a resource and leaves no resource in the middle', async () => {
    await start(SLOW);
    const runId = await begin();
    await platform.runs.cancel({ id: runId, by: 'user:default/jane' });
    const run = await platform.waitForEnd(runId);
    expect(run.status).toBe('cancelled');
    const nested = await knex('workflow_runs').where({
      workflow: 'make-postgres',
    });
    expect(nested.map(row => row.status)).toEqual(['cancelled']);
    await eventually(async () => (await states()).db === 'failed');
    await eventually(
      async () =>
        (await platform.api.get('/deployments')).body.items[0].endedAt !==
        undefined,
    );
    const { body } = await platform.api.get('/applications/development/orders');
    expect(body.status).toBe('cancelled');
  });

  it('lets later deployments of an application wait for the one in progress', async () => {
    await start(SLOW);
    const first = await begin();
    const second = await platform.api
      .post('/applications/development/orders/deployments')
      .send({ action: 'deploy', score: SCORE });
    const { body } = await platform.api.get(`/deployments/${second.body.id}`);
    expect(body.status).toBe('pending');
    const numbersOf = async (status: string) =>
      (
        await platform.api.get(`/deployments?filter[status]=${status}`)
      ).body.items.map((item: { number: number }) => item.number);
    await expect(numbersOf('pending')).resolves.toEqual([2]);
    await expect(numbersOf('running')).resolves.toEqual([1]);
    await expect(numbersOf('succeeded')).resolves.toEqual([]);
    const ended = await platform.waitForEnd(second.body.runId);
    expect(ended.failure).toBeUndefined();
    const before = await platform.runs.get(first);
    expect((before.endedAt ?? '') <= (ended.startedAt ?? '')).toBe(true);
    // What the first one made was not made again.
    await expect(
      knex('workflow_runs').where({ workflow: 'make-postgres' }),
    ).resolves.toHaveLength(1);
  });

  it('keeps a shared resource until its last user is gone', async () => {
    await start(PLATFORM);
    const billing = SHARED.replace('name: orders', 'name: billing');
    await platform.deploy('development/orders', {
      action: 'deploy',
      score: SHARED,
    });
    const plan = await platform.api
      .post('/applications/development/billing/plans')
      .send({ action: 'deploy', score: billing });
    expect(plan.body.resources[0]).toMatchObject({
      name: 'db',
      action: 'keep',
      shared: true,
    });
    const conflict = await platform.api
      .post('/applications/development/billing/plans')
      .send({
        action: 'deploy',
        score: billing.replace('size: small', 'size: large'),
      });
    expect(conflict.body.issues[0]).toMatchObject({
      code: 'RESOURCE_SHARED_CONFLICT',
      message: expect.stringContaining('"orders"'),
    });
    await platform.deploy('development/billing', {
      action: 'deploy',
      score: billing,
    });
    await platform.deploy('development/orders', { action: 'delete' });
    const shared = await platform.resources.findLiving({
      environment: 'development',
      uid: 'postgres.default#main',
    });
    expect(shared?.state).toBe('active');
    await expect(platform.resources.usersOf(shared!.id)).resolves.toEqual([
      'billing',
    ]);
    await platform.deploy('development/billing', { action: 'delete' });
    await expect(platform.resources.get(shared!.id)).resolves.toMatchObject({
      state: 'terminated',
    });
  });
});
