import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const STAGING = `---
apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: staging }
spec: { type: staging }
`;

/** The last step of every deployment fails. */
const BROKEN = PLATFORM.replace(
  "messages: ['rolling out \${app.name}']",
  'fail: { message: no node is left }',
);

const TAGS = ['1.0.0', '2.0.0', '3.0.0'];

describe.each(databases.each())('ways back and on, on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;
  const files = new Map([['platform.yaml', PLATFORM]]);

  const use = async (text: string) => {
    files.set('platform.yaml', text);
    await platform.registry.refresh();
  };
  const deploy = (body: object, where = 'development/orders') =>
    platform.deploy(where, { action: 'deploy', ...body });
  const scoreOf = (tag: string) => SCORE.replace('1.0.0', tag);
  const send = (route: string, body: object) =>
    platform.api.post(`/applications/${route}`).send(body);
  const applicationIn = async (environment: string) =>
    (await platform.api.get(`/applications/${environment}/orders`)).body;

  beforeEach(async () => {
    knex = await databases.init(id);
    files.set('platform.yaml', PLATFORM);
    platform = await createTestPlatform({ knex, files });
  });

  afterEach(async () => {
    await platform.stop();
  });

  it('goes back to any earlier deployment by its number, after showing what changes', async () => {
    for (const tag of TAGS) {
      await deploy({ score: scoreOf(tag) });
    }
    const request = { action: 'rollback', target: { deployment: 1 } };
    const plan = await send('development/orders/plans', request);
    expect(
      plan.body.manifests[0].diff ?? plan.body.manifests[1].diff,
    ).toContain('+          image: registry.example/orders:1.0.0');
    const shown = await platform.api.get(`/plans/${plan.body.id}`);
    expect(shown.body).toMatchObject(request);
    const kept = await send('development/orders/plans', {
      ...request,
      prune: false,
    });
    expect([plan.body.prune, kept.body.prune]).toEqual([undefined, false]);
    const { deployment } = await deploy({
      ...request,
      planHash: plan.body.hash,
    });
    expect(deployment).toMatchObject({ number: 4, action: 'rollback' });
    expect((await applicationIn('development')).version).toBe(
      'registry.example/orders:1.0.0',
    );
    const unknown = await send('development/orders/plans', {
      action: 'rollback',
      target: { deployment: 99 },
    });
    expect(unknown.status).toBe(404);
  });

  it('offers to resume or undo what failed in the middle, and says what exists', async () => {
    await deploy({ score: SCORE });
    await use(BROKEN);
    const larger = scoreOf('2.0.0').replace('size: small', 'size: large');
    const { deployment } = await deploy({ score: larger });
    expect(deployment).toMatchObject({
      status: 'failed',
      failure: { step: 'simulate' },
      recovery: {
        resume: { allowed: true },
        undo: {
          allowed: true,
          request: { action: 'rollback', target: { deployment: 1 } },
        },
        exists: [
          { name: 'db', state: 'active', action: 'update' },
          { name: 'dns', state: 'active', action: 'keep' },
          { name: 'route', state: 'active', action: 'keep' },
        ],
      },
    });
    await use(PLATFORM);
    const undo = await platform.api
      .post(`/deployments/${deployment.id}/undo`)
      .set('Idempotency-Key', 'once')
      .send({});
    expect(undo.status).toBe(202);
    expect(undo.body).toMatchObject({ number: 3, action: 'rollback' });
    await platform.waitForEnd(undo.body.runId);
    const again = await platform.api
      .post(`/deployments/${deployment.id}/undo`)
      .set('Idempotency-Key', 'once')
      .send({});
    expect(again.body.id).toBe(undo.body.id);
    const db = await knex('resources').where({ name: 'db' }).first();
    expect(JSON.parse(db.params)).toEqual({ size: 'small' });
    const late = await platform.api
      .post(`/deployments/${deployment.id}/undo`)
      .send({});
    expect(late.status).toBe(409);
    expect(late.body.code).toBe('DEPLOYMENT_NOT_UNDOABLE');
  });

  it('takes everything away when a first deployment is undone', async () => {
    await use(BROKEN);
    const { deployment } = await deploy({ score: SCORE });
    expect(deployment.recovery?.undo.request).toEqual({
      action: 'deprovision',
    });
    const { body } = await platform.api
      .post(`/deployments/${deployment.id}/undo`)
      .send({});
    const run = await platform.waitForEnd(body.runId);
    expect(run.failure).toBeUndefined();
    const { body: left } = await platform.api.get('/resources');
    expect(left.items).toEqual([]);
  });

  it('promotes what runs elsewhere, whatever was deployed there last', async () => {
    await use(`${PLATFORM}${STAGING}`);
    await deploy({ score: scoreOf('1.0.0') });
    await deploy({ score: scoreOf('2.0.0') });
    await deploy({ action: 'rollback' });
    const request = { action: 'promote', from: 'development' };
    const plan = await send('staging/orders/plans', request);
    expect(plan.body).toMatchObject({ ...request, summary: { create: 3 } });
    const { deployment } = await platform.deploy('staging/orders', {
      ...request,
      planHash: plan.body.hash,
    });
    expect(deployment.status).toBe('succeeded');
    const [development, staging] = [
      await applicationIn('development'),
      await applicationIn('staging'),
    ];
    expect(staging.version).toBe('registry.example/orders:1.0.0');
    expect(staging.score).toBe(development.score);

    const same = await platform.api.get(
      '/applications/development/orders/diff?with=staging/orders',
    );
    expect(same.body).toMatchObject({
      from: { environment: 'development' },
      to: { environment: 'staging' },
      score: '',
      resources: [{ action: 'keep' }, { action: 'keep' }, { action: 'keep' }],
    });
    await deploy({
      score: scoreOf('3.0.0').replace('size: small', 'size: large'),
    });
    const { body } = await platform.api.get(
      '/applications/development/orders/diff?with=staging/orders',
    );
    expect(body.score).toContain('-    image: registry.example/orders:3.0.0');
    expect(body.resources[0]).toEqual({
      name: 'db',
      type: 'postgres',
      action: 'update',
      changes: [{ path: 'size', before: 'large', after: 'small' }],
    });
    expect(
      body.manifests.filter((item: { diff?: string }) => item.diff),
    ).not.toEqual([]);
  });

  it.each([
    [{ action: 'promote' }, 'needs "from"'],
    [{ action: 'deploy', from: 'development' }, 'Only the action "promote"'],
    [
      { action: 'delete', target: { revision: 1 } },
      'Only the action "rollback"',
    ],
    [{ action: 'promote', from: 'development', score: SCORE }, 'Leave "score"'],
    [
      { action: 'rollback', target: { revision: 1, deployment: 1 } },
      'one of "revision" and "deployment"',
    ],
  ])('refuses %j', async (request, message) => {
    const { status, body } = await send('development/orders/plans', request);
    expect(status).toBe(400);
    expect(body.detail).toContain(message);
  });

  it('withdraws a deployment that waits for approval', async () => {
    await use(
      PLATFORM.replace(
        'spec: { type: development }',
        'spec: { type: development, rules: { approval: {} } }',
      ),
    );
    const { body: waiting } = await send('development/orders/deployments', {
      action: 'deploy',
      score: SCORE,
    });
    const { status, body } = await platform.api
      .post(`/deployments/${waiting.id}/cancel`)
      .send({ reason: 'Too early' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'cancelled',
      failure: {
        error: { message: 'user:default/mock withdrew it: Too early' },
      },
    });
    const approval = await platform.api.get(`/approvals/${waiting.approvalId}`);
    expect(approval.body.state).toBe('cancelled');
  });
});
