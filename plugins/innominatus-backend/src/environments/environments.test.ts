import { PolicyResult } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const HOUR = 3_600_000;

const MORE = `---
apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: staging }
spec:
  type: staging
  target: { type: kubernetes, namespace: '\${app.name}-\${environment.name}' }
  variables: { region: eu }
  rules:
    deployers: [group:default/team-a]
    approval: { approvers: [group:default/team-a] }
  freezes: [{ reason: Holidays, from: 2020-01-01, to: 2020-02-01 }]
  ephemeral: { ttl: 4h, maxTtl: 3d, limit: 2 }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: undeploy-app }
spec:
  steps:
    - { name: gone, type: simulate, config: { duration: 1ms } }
    - name: deprovision
      type: resource-provisioning
      config: { operation: delete }
`;

describe.each(databases.each())('environments on %s', id => {
  let knex: Knex;
  let now: number;
  let denied: string[];
  let verdicts: PolicyResult[];
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;
  const files = new Map<string, string>();

  beforeEach(async () => {
    knex = await databases.init(id);
    now = Date.parse('2027-06-01T12:00:00Z');
    files.clear();
    denied = [];
    verdicts = [];
    files.set('platform.yaml', `${PLATFORM}${MORE}`);
    platform = await createTestPlatform({
      knex,
      files,
      now: () => now,
      policies: {
        evaluate: async ({ action }) => (action === 'delete' ? verdicts : []),
      },
      ownershipRefs: () => ['group:default/team-a'],
      allow: ({ permission }) => ({
        allowed: !denied.includes(permission.name),
      }),
    });
  });

  afterEach(async () => {
    await platform.stop();
  });

  const create = (body: object) =>
    platform.api.post('/environments').send(body);
  const copy = (request: object) =>
    create({ ephemeral: { from: 'staging', ...request } });
  const get = (name: string) => platform.api.get(`/environments/${name}`);

  it('are made, read, changed under their version, and listed among those of files', async () => {
    const made = await create({
      name: 'qa',
      type: 'testing',
      order: 5,
      variables: { region: 'us' },
    });
    expect(made.status).toBe(201);
    expect(made.headers).toMatchObject({
      etag: '"1"',
      location: '/environments/qa',
    });
    expect(made.body).toMatchObject({
      name: 'qa',
      target: { type: 'simulate' },
      state: 'active',
      createdBy: 'user:default/mock',
      allowedActions: {
        update: { allowed: true },
        extend: { allowed: false, reason: expect.stringContaining('no end') },
      },
    });
    const put = (version: string | undefined, body: object) => {
      const call = platform.api.put('/environments/qa').send(body);
      return version === undefined ? call : call.set('If-Match', version);
    };
    expect((await put(undefined, { type: 'testing' })).status).toBe(428);
    expect((await put('"7"', { type: 'testing' })).status).toBe(412);
    const updated = await put('"1"', { type: 'testing', concurrency: 3 });
    expect(updated.body).toMatchObject({ concurrency: 3, order: 100 });
    expect(updated.headers.etag).toBe('"2"');
    expect((await put('"1"', { type: 'testing' })).body.code).toBe(
      'VERSION_STALE',
    );
    const names = (await platform.api.get('/environments')).body.items.map(
      (item: { name: string }) => item.name,
    );
    expect(names).toEqual(['development', 'qa', 'staging']);
  });

  it('say what is wrong with them, with the place', async () => {
    const wrong = await create({ name: 'qa', type: 'x', quota: {} });
    expect(wrong.status).toBe(422);
    expect(wrong.body).toMatchObject({
      code: 'ENVIRONMENT_INVALID',
      issues: [{ pointer: '/quota' }],
    });
    expect((await create({ name: 'qa' })).body.detail).toContain('"type"');
    expect(
      (await create({ name: 'qa', type: 'ephemeral' })).body.detail,
    ).toContain('made from another one');
  });

  it('of files are read-only, and their names are taken', async () => {
    for (const answer of [
      await platform.api
        .put('/environments/staging')
        .set('If-Match', '*')
        .send({ type: 'staging' }),
      await platform.api.delete('/environments/staging').set('If-Match', '*'),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([
        409,
        'ENVIRONMENT_READ_ONLY',
      ]);
      expect(answer.body.detail).toContain('platform.yaml');
    }
    expect((await create({ name: 'staging', type: 'x' })).body.code).toBe(
      'ENVIRONMENT_EXISTS',
    );
    expect((await get('staging')).body.allowedActions.update).toEqual({
      allowed: false,
      reason: expect.stringContaining('platform.yaml'),
    });
  });

  it('for a branch are made once, whoever asks and however often', async () => {
    const answers = await Promise.all([
      copy({ branch: 'feature/login' }),
      copy({ branch: 'feature/login' }),
      copy({ branch: 'feature/login', ttl: '1h' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    const names = new Set(answers.map(({ body }) => body.name));
    expect(names.size).toBe(1);
    expect([...names][0]).toMatch(/^feature-login-[0-9a-f]{10}$/);
    const { body } = await get([...names][0]);
    expect(body).toMatchObject({
      type: 'ephemeral',
      copyOf: { environment: 'staging', branch: 'feature/login' },
      variables: { region: 'eu' },
      rules: { deployers: ['group:default/team-a'] },
    });
    expect(body.rules.approval).toBeUndefined();
    expect(body.freezes).toBeUndefined();
  });

  it('are bounded in number, also when many ask at the same time', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map(pullRequest => copy({ pullRequest })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201, 201, 409, 409,
    ]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      detail: expect.stringContaining('may be 2 environments'),
    });
  });

  it('live as long as asked within what is allowed, and can be extended within that', async () => {
    const tooLong = await copy({ branch: 'a', ttl: '4d' });
    expect([tooLong.status, tooLong.body.code]).toEqual([
      422,
      'ENVIRONMENT_TTL',
    ]);
    const { body } = await copy({ branch: 'a' });
    expect(body.expiresAt).toBe('2027-06-01T16:00:00.000Z');
    const extend = (more: object) =>
      platform.api.post('/environments/a/extend').send(more);
    expect((await extend({ by: '1d' })).body.expiresAt).toBe(
      '2027-06-02T16:00:00.000Z',
    );
    expect(
      (await extend({ until: '2027-06-03T00:00:00Z' })).body,
    ).toMatchObject({ expiresAt: '2027-06-03T00:00:00.000Z' });
    expect((await extend({ by: '3d' })).body.detail).toMatch(
      /at most 3d are allowed/,
    );
    expect((await extend({ by: '3' })).status).toBe(400);
    expect((await extend({ until: '2027-05-01T00:00:00Z' })).status).toBe(422);
    await create({ name: 'qa', type: 'testing' });
    expect(
      (await platform.api.post('/environments/qa/extend').send({ by: '1d' }))
        .body.code,
    ).toBe('ENVIRONMENT_HAS_NO_END');
  });

  it('say how many copies there may be, how long they live, and who may make one', async () => {
    await copy({ branch: 'a' });
    const { copies, allowedActions } = (await get('staging')).body;
    expect(copies).toEqual({ present: 1, limit: 2, ttl: '4h', maxTtl: '3d' });
    expect(allowedActions.copy).toEqual({ allowed: true });
    expect((await get('development')).body).not.toHaveProperty('copies');
    const copyOf = async (name: string) =>
      (await get(name)).body.allowedActions.copy;
    expect((await copyOf('development')).reason).toContain('ephemeral: {}');
    denied = ['innominatus.environment.create'];
    expect((await copyOf('staging')).allowed).toBe(false);
    denied = [];
    await copy({ branch: 'b' });
    expect((await copyOf('staging')).reason).toContain('there are 2');
  });

  it('can only be copied where that is allowed', async () => {
    const refused = await create({
      ephemeral: { from: 'development', branch: 'a' },
    });
    expect([refused.status, refused.body.code]).toEqual([
      422,
      'ENVIRONMENT_NOT_COPYABLE',
    ]);
    // Who may not read them does not learn which of them allow it.
    denied = ['innominatus.environment.read'];
    for (const from of ['development', 'staging']) {
      const { status, body } = await create({
        ephemeral: { from, branch: 'a' },
      });
      expect([status, body.code]).toEqual([403, 'NOT_ALLOWED']);
    }
    denied = [];
    expect((await copy({})).status).toBe(400);
    expect((await copy({ branch: 'a', pullRequest: 1 })).status).toBe(400);
  });

  it('are announced before they end, once each time however many backends look', async () => {
    await copy({ branch: 'a', ttl: '3d' });
    const replicas = Array.from({ length: 4 }, platform.createLifecycle);
    const end = now + 72 * HOUR;
    const at = async (left: number) => {
      now = end - left;
      await Promise.all(replicas.map(replica => replica.look()));
      await Promise.all(replicas.map(replica => replica.look()));
      return platform.notifications.length;
    };
    expect(await at(49 * HOUR)).toBe(0);
    expect(await at(48 * HOUR)).toBe(1);
    expect(await at(3 * HOUR)).toBe(1);
    expect(await at(2 * HOUR)).toBe(2);
    expect(await at(HOUR / 2)).toBe(3);
    expect(await at(1)).toBe(3);
    expect(platform.notifications[1]).toMatchObject({
      recipients: { type: 'entity', entityRef: ['user:default/mock'] },
      payload: { title: 'The environment "a" is removed in 2h' },
    });
    const notices = platform.events.filter(
      event => event.type === 'environment.expiring',
    );
    expect(notices).toMatchObject([
      { environment: 'a', noticeSeconds: 172_800 },
      { noticeSeconds: 7_200 },
      { noticeSeconds: 1_800 },
    ]);
    // A new end is announced anew.
    await platform.api.post('/environments/a/extend').send({ by: '1d' });
    now = now + 22 * HOUR + 1;
    await replicas[0].look();
    expect(platform.notifications).toHaveLength(4);
  });

  it('take what is in them along when they end, and nothing of others', async () => {
    await copy({ branch: 'a' });
    const made = await platform.deploy('a/orders', {
      action: 'deploy',
      score: SCORE,
    });
    expect(made.run.failure).toBeUndefined();
    expect(made.run.status).toBe('succeeded');
    await platform.deploy('development/orders', {
      action: 'deploy',
      score: SCORE,
    });
    now += 4 * HOUR;
    const replicas = Array.from({ length: 3 }, platform.createLifecycle);
    await Promise.all(replicas.map(replica => replica.look()));
    expect((await get('a')).body.state).toBe('removing');
    const late = await platform.api
      .post('/applications/a/orders/deployments')
      .send({ action: 'deploy', score: SCORE });
    expect([late.status, late.body.code]).toEqual([
      409,
      'ENVIRONMENT_REMOVING',
    ]);
    expect((await copy({ branch: 'a' })).body.code).toBe(
      'ENVIRONMENT_REMOVING',
    );
    for (;;) {
      await Promise.all(replicas.map(replica => replica.look()));
      if ((await get('a')).status === 404) {
        break;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    const { items } = (await platform.api.get('/deployments')).body;
    const deletions = items.filter(
      (item: { action: string }) => item.action === 'delete',
    );
    expect(deletions).toMatchObject([
      { environment: 'a', status: 'succeeded' },
    ]);
    const living = await knex('resources').whereNot({ state: 'terminated' });
    expect(new Set(living.map(row => row.environment))).toEqual(
      new Set(['development']),
    );
    expect(
      platform.events.filter(event => event.type === 'environment.removed'),
    ).toEqual([{ type: 'environment.removed', environment: 'a' }]);
    expect((await copy({ branch: 'a' })).status).toBe(201);
  });

  it('end although policies keep people from deleting what is in them', async () => {
    await copy({ branch: 'a' });
    await platform.deploy('a/orders', { action: 'deploy', score: SCORE });
    verdicts = [
      { name: 'executors', result: 'deny', message: 'Only the platform team' },
    ];
    const refused = await platform.api
      .post('/applications/a/orders/deployments')
      .send({ action: 'delete' });
    expect([refused.status, refused.body.code]).toEqual([422, 'POLICY_DENIED']);
    now += 4 * HOUR;
    const lifecycle = platform.createLifecycle();
    for (let looks = 0; (await get('a')).status !== 404; looks += 1) {
      expect(looks).toBeLessThan(500);
      await lifecycle.look();
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    expect((await get('a')).status).toBe(404);
  });

  it('leave no question open of what waited for approval there', async () => {
    await create({ name: 'qa', type: 'testing', rules: { approval: {} } });
    const asked = await platform.api
      .post('/applications/qa/orders/deployments')
      .send({ action: 'deploy', score: SCORE });
    expect(asked.body.waiting.message).toBe(
      'Waits for an approval of the plan',
    );
    await platform.api.delete('/environments/qa').set('If-Match', '*');
    const lifecycle = platform.createLifecycle();
    for (let looks = 0; (await get('qa')).status !== 404; looks += 1) {
      expect(looks).toBeLessThan(500);
      await lifecycle.look();
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    const { body } = await platform.api.get(`/deployments/${asked.body.id}`);
    expect(body).toMatchObject({
      status: 'cancelled',
      failure: {
        error: { message: expect.stringContaining('"qa" is removed') },
      },
    });
    const [approval] = await knex('approvals');
    expect(approval.state).toBe('cancelled');
  });

  it('are removed when somebody says so, and one that was extended stays', async () => {
    await copy({ branch: 'a' });
    const record = await platform.environmentStore.get('a');
    await platform.api.post('/environments/a/extend').send({ by: '1h' });
    // Another backend had read it before.
    expect(
      await platform.environmentStore.markRemoving({
        name: 'a',
        now,
        expiredAt: record?.expiresAt,
      }),
    ).toBe(false);
    const version = (await get('a')).headers.etag;
    const remove = () => platform.api.delete('/environments/a');
    expect((await remove()).status).toBe(428);
    expect(
      (await remove().set('If-Match', version).send({ why: 'merged' })).status,
    ).toBe(400);
    const deleted = await remove()
      .set('If-Match', version)
      .send({ reason: 'merged' });
    expect([deleted.status, deleted.body.state]).toEqual([202, 'removing']);
    expect(platform.audits).toContainEqual(
      expect.objectContaining({
        eventId: 'environment-delete',
        meta: expect.objectContaining({ environment: 'a', reason: 'merged' }),
      }),
    );
    await platform.createLifecycle().look();
    expect((await get('a')).status).toBe(404);
  });

  it('are known to other backends at once', async () => {
    const other = await createTestPlatform({
      knex,
      files: new Map(files),
      now: () => now,
      ownershipRefs: () => ['group:default/team-a'],
    });
    await copy({ branch: 'a' });
    const plan = await other.api
      .post('/applications/a/orders/plans')
      .send({ action: 'deploy', score: SCORE });
    expect(plan.status).toBe(201);
    await other.stop();
  });
});
