import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const environment = (spec: string) => `---
apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: guarded }
spec:
  type: staging
${spec}`;

describe.each(databases.each())('rules of an environment on %s', id => {
  let knex: Knex;
  let now: number;
  let denied: string[];
  let groups: string[];
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  const start = async (spec: string) => {
    platform = await createTestPlatform({
      knex,
      files: new Map([['platform.yaml', `${PLATFORM}${environment(spec)}`]]),
      now: () => now,
      ownershipRefs: () => groups,
      allow: ({ permission }) => ({
        allowed: !denied.includes(permission.name),
        reason: `no ${permission.name}`,
      }),
    });
  };

  beforeEach(async () => {
    knex = await databases.init(id);
    now = Date.parse('2027-06-01T12:00:00Z');
    denied = [];
    groups = [];
  });

  afterEach(async () => {
    await platform.stop();
  });

  const named = (name: string) =>
    SCORE.replace('name: orders', `name: ${name}`);
  const ask = (route: string, more: object = {}, name = 'orders') =>
    platform.api
      .post(`/applications/guarded/${name}/${route}`)
      .send({ action: 'deploy', score: named(name), ...more });

  it('let only those deploy that it names', async () => {
    await start('  rules: { deployers: [group:default/ops] }\n');
    const plan = await ask('plans');
    expect(plan.body.allowedActions.deploy).toEqual({
      allowed: false,
      reason: expect.stringContaining('Only group:default/ops may deploy'),
    });
    const refused = await ask('deployments');
    expect([refused.status, refused.body.code]).toEqual([
      403,
      'NOT_A_DEPLOYER',
    ]);
    groups = ['group:default/ops'];
    const again = await platform.api.get(`/plans/${plan.body.id}`);
    expect(again.body.allowedActions.deploy.allowed).toBe(true);
    expect((await ask('deployments')).status).toBe(202);
  });

  it('hold deployments off in a freeze window, unless somebody who may gives a reason', async () => {
    await start(
      "  freezes: [{ name: audit, reason: The auditors are here., from: '2027-06-01', to: '2027-06-03' }]\n",
    );
    const plan = await ask('plans');
    expect(plan.body.diagnostics).toEqual([
      expect.objectContaining({
        severity: 'warning',
        code: 'ENVIRONMENT_FROZEN',
        message: expect.stringMatching(
          /frozen until 2027-06-03T00:00:00.000Z \(audit\): The auditors are here./,
        ),
      }),
    ]);
    const refused = await ask('deployments');
    expect([refused.status, refused.body.code]).toEqual([
      409,
      'ENVIRONMENT_FROZEN',
    ]);
    denied = ['innominatus.environment.override'];
    expect((await ask('deployments', { overrideFreeze: 'Fire' })).status).toBe(
      403,
    );
    denied = [];
    expect((await ask('deployments', { overrideFreeze: ' ' })).status).toBe(
      400,
    );
    expect((await ask('deployments', { overrideFreeze: 'Fire' })).status).toBe(
      202,
    );
    now = Date.parse('2027-06-03T00:00:00Z');
    expect((await ask('plans')).body.diagnostics).toEqual([]);
    expect((await ask('deployments')).status).toBe(202);
  });

  it('say of a plan who may pass a freeze window, and of a deployment who did and why', async () => {
    await start(
      "  freezes: [{ name: audit, reason: The auditors are here., from: '2027-06-01', to: '2027-06-03' }]\n",
    );
    denied = ['innominatus.environment.override'];
    const plan = (await ask('plans')).body;
    expect(plan.allowedActions).toEqual({
      deploy: {
        allowed: false,
        reason: expect.stringContaining('is frozen until'),
      },
      overrideFreeze: {
        allowed: false,
        reason: 'no innominatus.environment.override',
      },
    });
    denied = [];
    const again = await platform.api.get(`/plans/${plan.id}`);
    expect(again.body.allowedActions).toEqual({
      deploy: { allowed: true },
      overrideFreeze: expect.objectContaining({ allowed: true }),
    });
    const started = await ask('deployments', { overrideFreeze: 'Fire' });
    const freezeOverride = { reason: 'Fire', by: 'user:default/mock' };
    expect(started.body.freezeOverride).toEqual(freezeOverride);
    const shown = await platform.api.get(`/deployments/${started.body.id}`);
    expect(shown.body.freezeOverride).toEqual(freezeOverride);
    now = Date.parse('2027-06-03T00:00:00Z');
    expect((await ask('plans')).body.allowedActions).toEqual({
      deploy: { allowed: true },
    });
  });

  it('hold off taking back a failed deployment as well, with the same way out', async () => {
    await start(
      "  freezes: [{ reason: The auditors are here., from: '2027-06-02', to: '2027-06-03' }]\n",
    );
    const { deployment } = await platform.deploy('guarded/orders', {
      action: 'deploy',
      score: named('orders'),
    });
    await knex('deployments')
      .where({ id: deployment.id })
      .update({ status: 'failed' });
    now = Date.parse('2027-06-02T12:00:00Z');
    const undo = (body: object) =>
      platform.api.post(`/deployments/${deployment.id}/undo`).send(body);
    const refused = await undo({});
    expect([refused.status, refused.body.code]).toEqual([
      409,
      'ENVIRONMENT_FROZEN',
    ]);
    const accepted = await undo({ overrideFreeze: 'Half of it is there' });
    expect(accepted.status).toBe(202);
    expect(accepted.body.freezeOverride.reason).toBe('Half of it is there');
  });

  it('let nobody ask for a later freeze window to be passed by who may not', async () => {
    await start(
      "  rules: { approval: { quorum: 1 } }\n  freezes: [{ name: audit, reason: The auditors are here., from: '2027-06-02', to: '2027-06-03' }]\n",
    );
    denied = ['innominatus.environment.override'];
    const early = await ask('deployments', { overrideFreeze: 'Just in case' });
    expect(early.status).toBe(403);
    expect(await knex('deployments')).toEqual([]);
    expect((await ask('deployments')).status).toBe(202);
  });

  it('bound what is in it, with the numbers, at plan and at deploy', async () => {
    await start(
      '  quotas: { applications: 2, resourcesByType: { postgres: 1 } }\n',
    );
    await platform.deploy('guarded/one', {
      action: 'deploy',
      score: named('one'),
    });
    const plan = await ask('plans', {}, 'two');
    expect(plan.body.diagnostics).toMatchObject([
      {
        code: 'QUOTA_EXCEEDED',
        message:
          'The environment "guarded" allows 1 resources of the type "postgres". There are 1, and this would add 1.',
      },
    ]);
    const refused = await ask('deployments', {}, 'two');
    expect([refused.status, refused.body.code]).toEqual([
      409,
      'QUOTA_EXCEEDED',
    ]);
    expect(await knex('applications')).toHaveLength(1);
    // What is there already may be deployed again.
    const again = await platform.deploy('guarded/one', {
      action: 'deploy',
      score: named('one'),
    });
    expect(again.run.status).toBe('succeeded');
  });

  it('let not two in where one fits, however close they come', async () => {
    await start('  quotas: { applications: 1 }\n');
    const answers = await Promise.all(
      ['one', 'two', 'three'].map(name => ask('deployments', {}, name)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
  });

  it('bound the runs in progress by its concurrency', async () => {
    await start('  concurrency: 1\n');
    const names = ['one', 'two', 'three'];
    const answers = await Promise.all(
      names.map(name => ask('deployments', {}, name)),
    );
    const runs = await Promise.all(
      answers.map(({ body }) => platform.waitForEnd(body.runId)),
    );
    const spans = runs
      .map(run => [Date.parse(run.startedAt!), Date.parse(run.endedAt!)])
      .sort(([a], [b]) => a - b);
    expect(spans[1][0]).toBeGreaterThanOrEqual(spans[0][1]);
    expect(spans[2][0]).toBeGreaterThanOrEqual(spans[1][1]);
  });

  it('fill the templates of its target, and refuse a namespace that is none', async () => {
    await start(
      "  target: { type: kubernetes, namespace: '${app.name}-${environment.name}-${environment.region}' }\n  variables: { region: eu }\n",
    );
    const { body } = await ask('plans', {
      score: named('orders')
        .replace(/^resources:[^]*/m, '')
        .replace(/ +variables:\n( +DB.*\n)+/, ''),
    });
    expect(JSON.stringify(body.manifests)).toContain('orders-guarded-eu');
    const long = 'o'.repeat(55);
    const refused = await ask('plans', { score: named(long) }, long);
    expect([refused.status, refused.body.code]).toEqual([
      422,
      'ENVIRONMENT_TARGET_INVALID',
    ]);
    expect(refused.body.detail).toContain('at most 63');
  });
});
