import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const TABLES = [
  'applications',
  'application_revisions',
  'deployments',
  'plans',
  'resources',
  'resource_users',
  'resource_transitions',
  'workflow_runs',
  'secrets',
];

describe.each(databases.each())('deployments on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;
  const files = new Map([['platform.yaml', PLATFORM]]);

  const plan = async (score: string, more: object = {}) =>
    platform.api
      .post('/applications/development/orders/plans')
      .send({ action: 'deploy', score, ...more });

  const actions = (body: {
    resources: Array<{ name: string; action: string }>;
  }) =>
    Object.fromEntries(body.resources.map(item => [item.name, item.action]));

  beforeEach(async () => {
    knex = await databases.init(id);
    files.set('platform.yaml', PLATFORM);
    platform = await createTestPlatform({ knex, files });
  });

  afterEach(async () => {
    await platform.stop();
  });

  it('provisions in order, keeps everything the next time, updates what changed and deletes what is gone', async () => {
    const first = await plan(SCORE);
    expect(first.status).toBe(201);
    expect(actions(first.body)).toEqual({
      db: 'create',
      dns: 'create',
      route: 'create',
    });
    const made = await platform.deploy('development/orders', {
      action: 'deploy',
      score: SCORE,
      planHash: first.body.hash,
    });
    expect(made.run.failure).toBeUndefined();
    expect(made.deployment).toMatchObject({
      number: 1,
      revision: 1,
      status: 'succeeded',
    });
    const ended = Object.fromEntries(
      made.run.steps.map(step => [step.name, step.endedAt ?? '']),
    );
    expect(ended['provision-dns'] <= ended['provision-route']).toBe(true);

    const { body: application } = await platform.api.get(
      '/applications/development/orders',
    );
    expect(application).toMatchObject({
      status: 'succeeded',
      revision: 1,
      version: 'registry.example/orders:1.0.0',
      score: SCORE,
    });
    const [db, , route] = application.resources;
    expect(db).toMatchObject({
      state: 'active',
      outputs: { password: '••••' },
      hints: [{ value: expect.stringContaining('app:••••@postgres-default') }],
    });
    expect(route.params).toEqual({ host: 'dns.development.example' });

    const again = await plan(SCORE);
    expect(again.body.summary).toEqual({
      create: 0,
      update: 0,
      keep: 3,
      delete: 0,
    });
    expect(
      again.body.manifests.every(
        (item: { action: string }) => item.action === 'keep',
      ),
    ).toBe(true);
    const kept = await platform.deploy('development/orders', {
      action: 'deploy',
      score: SCORE,
    });
    expect(kept.deployment).toMatchObject({ number: 2, revision: 1 });
    expect(kept.run.steps.map(step => step.name)).toEqual([
      'provision',
      'render',
      'simulate',
      'prune',
    ]);

    const smaller = SCORE.replace('size: small', 'size: large').replace(
      /\n {2}dns:[\s\S]*$/,
      '\n',
    );
    const changed = await plan(smaller);
    expect(actions(changed.body)).toEqual({
      db: 'update',
      dns: 'delete',
      route: 'delete',
    });
    expect(changed.body.resources[0].changes).toEqual([
      { path: 'size', before: 'small', after: 'large' },
    ]);
    const third = await platform.deploy('development/orders', {
      action: 'deploy',
      score: smaller,
    });
    expect(third.run.failure).toBeUndefined();
    const steps = third.run.steps.map(step => step.name);
    expect(steps).toEqual([
      'provision-db',
      'render',
      'simulate',
      'remove-dns',
      'remove-route',
    ]);
    const removeDns = third.run.steps.find(step => step.name === 'remove-dns');
    expect(removeDns?.dependsOn).toEqual(['remove-route']);
    expect(third.deployment.changes).toContain(
      'Resource db (postgres): update',
    );
    const { body: left } = await platform.api.get('/resources');
    expect(left.items.map((item: { name: string }) => item.name)).toEqual([
      'db',
    ]);
    const transitions = await platform.api.get(
      `/resources/${left.items[0].id}/transitions`,
    );
    expect(
      transitions.body.items.map((item: { to: string }) => item.to),
    ).toEqual(['provisioning', 'active', 'updating', 'active']);
  });

  it('stores nothing of a broken Score spec and says where it is broken', async () => {
    const count = async () =>
      Promise.all(
        TABLES.map(async table => (await knex(table).select('*')).length),
      );
    const empty = await count();
    for (const [broken, expected] of [
      [SCORE.replace('image:', 'imagee:'), { line: 5 }],
      [
        SCORE.replace('type: postgres', 'type: postgress'),
        {
          code: 'RESOURCE_TYPE_UNKNOWN',
          line: 12,
          column: 11,
          suggestions: ['Did you mean "postgres"?'],
        },
      ],
      [
        SCORE.replace('size: small', 'sizes: small'),
        { code: 'RESOURCE_PARAMS_INVALID', line: 14 },
      ],
      [
        SCORE.replace('size: small', 'size: huge'),
        { code: 'RESOURCE_PARAMS_INVALID', line: 14, column: 13 },
      ],
      [
        SCORE.replace('name: orders', 'name: other'),
        { code: 'APPLICATION_NAME_MISMATCH', line: 3 },
      ],
      [
        // With an escape, so that only reading the YAML shows what it says.
        SCORE.replace('size: small', '"\\u0024secretRef": resource/1/password'),
        { code: 'SECRET_REFERENCE_FORBIDDEN', line: 14 },
      ],
    ] as const) {
      for (const route of ['plans', 'deployments']) {
        const response = await platform.api
          .post(`/applications/development/orders/${route}`)
          .send({ action: 'deploy', score: broken, file: 'score.yaml' });
        expect(response.status).toBe(422);
        expect(response.headers['content-type']).toContain('problem+json');
        expect(response.body.issues[0]).toMatchObject({
          severity: 'error',
          file: 'score.yaml',
          ...expected,
        });
      }
    }
    await expect(count()).resolves.toEqual(empty);
  });

  it('refuses to deploy when the plan is not the same any more', async () => {
    const { body } = await plan(SCORE);
    files.set(
      'platform.yaml',
      PLATFORM.replace('duration: 1ms, messages', 'duration: 2ms, messages'),
    );
    await platform.registry.refresh();
    const response = await platform.api
      .post('/applications/development/orders/deployments')
      .send({ action: 'deploy', score: SCORE, planHash: body.hash });
    expect(response.status).toBe(409);
    expect(response.body.code).toBe('PLAN_CHANGED');
    await expect(knex('deployments').select()).resolves.toEqual([]);
    const stored = await platform.api.get(`/plans/${body.id}`);
    expect(stored.body.hash).toBe(body.hash);
  });

  it('names both providers of a tie', async () => {
    files.set(
      'other.yaml',
      `apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: rival, version: 1.0.0 }
spec:
  resourceTypes:
    - type: dns
`,
    );
    await platform.registry.refresh();
    const response = await plan(SCORE);
    files.delete('other.yaml');
    expect(response.body.issues[0]).toMatchObject({
      code: 'RESOURCE_TYPE_CONFLICT',
      line: 16,
    });
    expect(response.body.issues[0].message).toContain(
      '"simulator" and "rival"',
    );
    const providers = await platform.api.get('/providers');
    expect(
      providers.body.items.map(
        (item: { name: string; problems: unknown[] }) => [
          item.name,
          item.problems.length,
        ],
      ),
    ).toEqual([
      ['rival', 1],
      ['simulator', 1],
    ]);
  });

  it('answers the same deployment to the same key, and refuses another body', async () => {
    const send = (body: object) =>
      platform.api
        .post('/applications/development/orders/deployments')
        .set('Idempotency-Key', 'key-1')
        .send(body);
    const first = await send({ action: 'deploy', score: SCORE });
    const second = await send({ action: 'deploy', score: SCORE });
    expect(first.status).toBe(202);
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers.location).toBe(`/deployments/${first.body.id}`);
    await expect(knex('deployments').select()).resolves.toHaveLength(1);
    const other = await send({ action: 'deploy', score: `${SCORE}\n` });
    expect(other.status).toBe(422);
    await platform.waitForEnd(first.body.runId);
  });

  it('marks a resource as failed, and creates it with the next deployment', async () => {
    files.set(
      'platform.yaml',
      PLATFORM.replace(
        'duration: 1ms\n        outputs:',
        'duration: 1ms\n        fail: { message: no space left }\n        outputs:',
      ),
    );
    await platform.registry.refresh();
    const failed = await platform.deploy('development/orders', {
      action: 'deploy',
      score: SCORE,
    });
    expect(failed.deployment.status).toBe('failed');
    expect(failed.deployment.failure?.step).toBe('provision-db');
    const { body } = await platform.api.get('/applications/development/orders');
    expect(body.status).toBe('failed');
    expect(body.revision).toBeUndefined();
    const db = body.resources.find(
      (item: { name: string }) => item.name === 'db',
    );
    expect(db).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('no space left'),
    });
    files.set('platform.yaml', PLATFORM);
    await platform.registry.refresh();
    const again = await plan(SCORE);
    expect(actions(again.body).db).toBe('create');
    const made = await platform.deploy('development/orders', {
      action: 'deploy',
      score: SCORE,
    });
    expect(made.deployment.status).toBe('succeeded');
  });

  it('goes back to an earlier revision, and takes everything away on delete', async () => {
    await platform.deploy('development/orders', {
      action: 'deploy',
      score: SCORE,
    });
    await platform.deploy('development/orders', {
      action: 'deploy',
      score: SCORE.replace('1.0.0', '2.0.0'),
    });
    const back = await platform.deploy('development/orders', {
      action: 'rollback',
    });
    expect(back.deployment).toMatchObject({ number: 3, action: 'rollback' });
    expect(back.deployment.changes).toEqual([
      'Container main: registry.example/orders:2.0.0 → registry.example/orders:1.0.0',
    ]);
    const { body } = await platform.api.get('/applications/development/orders');
    expect(body.version).toBe('registry.example/orders:1.0.0');

    const gone = await platform.deploy('development/orders', {
      action: 'delete',
    });
    expect(gone.run.failure).toBeUndefined();
    expect(gone.deployment.status).toBe('succeeded');
    const missing = await platform.api.get('/applications/development/orders');
    expect(missing.status).toBe(404);
    await expect(
      knex('resources').distinct('state').pluck('state'),
    ).resolves.toEqual(['terminated']);
    await expect(
      knex('secrets').where('address', 'like', 'resource/%'),
    ).resolves.toEqual([]);
    const history = await platform.api.get('/deployments');
    expect(history.body.items).toHaveLength(4);
  });

  it('starts the run of a deployment that a dead process left behind', async () => {
    const start = jest
      .spyOn(platform.runs, 'start')
      .mockRejectedValueOnce(new Error('the process died'));
    const response = await platform.api
      .post('/applications/development/orders/deployments')
      .send({ action: 'deploy', score: SCORE });
    expect(response.status).toBe(500);
    start.mockRestore();
    const [stored] = await knex('deployments').select('run_id', 'status');
    expect(stored.status).toBe('pending');
    await platform.starts.startPending();
    const run = await platform.waitForEnd(stored.run_id);
    expect(run.status).toBe('succeeded');
  });

  it('never writes a secret into rows other than the encrypted ones', async () => {
    const { run } = await platform.deploy('development/orders', {
      action: 'deploy',
      score: SCORE,
    });
    expect(run.status).toBe('succeeded');
    for (const table of [
      ...TABLES,
      'run_events',
      'log_chunks',
      'run_artifacts',
    ]) {
      const rows = await knex(table).select('*');
      expect(JSON.stringify(rows)).not.toContain('s3cr3t-of-db');
    }
  });
});
