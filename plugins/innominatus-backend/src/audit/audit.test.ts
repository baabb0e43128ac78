import { Knex } from 'knex';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(120_000);

const databases = createTestDatabases();

const FILES = `${PLATFORM}---
apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: guarded }
spec:
  type: staging
  rules: { approval: { quorum: 1 } }
  ephemeral: { ttl: 4h, maxTtl: 3d, limit: 3 }
---
apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: frozen }
spec:
  type: staging
  freezes: [{ reason: The auditors are here., from: '2020-01-01', to: '2999-01-01' }]
`;

describe.each(databases.each())('the auditor is told on %s', id => {
  let knex: Knex;
  let denied: string[];
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  beforeEach(async () => {
    knex = await databases.init(id);
    denied = [];
    platform = await createTestPlatform({
      knex,
      files: new Map([['platform.yaml', FILES]]),
      allow: ({ permission }) => ({
        allowed: !denied.includes(permission.name),
        reason: `no ${permission.name}`,
      }),
    });
  });

  afterEach(async () => {
    await platform.stop();
  });

  const deployTo = (environment: string, more: object = {}) =>
    platform.api
      .post(`/applications/${environment}/orders/deployments`)
      .send({ action: 'deploy', score: SCORE, ...more });

  it('of each deployment that is started, with its plan', async () => {
    const { deployment } = await platform.deploy('development/orders', {
      action: 'deploy',
      score: SCORE.replace('1.0.0', 'hush-hush'),
    });
    expect(platform.audits).toEqual([
      {
        eventId: 'deployment-start',
        severity: 'medium',
        outcome: 'success',
        meta: {
          action: 'deploy',
          environment: 'development',
          name: 'orders',
          by: 'user:default/mock',
          deploymentId: deployment.id,
          number: 1,
          planId: deployment.planId,
          planHash: deployment.planHash,
        },
      },
    ]);
    expect(JSON.stringify(platform.audits)).not.toContain('hush-hush');
    await platform.deploy('development/orders', { action: 'deprovision' });
    expect(platform.audits[1]).toMatchObject({
      meta: { action: 'deprovision', number: 2 },
    });
  });

  it('of one that is refused, by whom and why', async () => {
    denied = ['innominatus.application.deploy'];
    expect((await deployTo('development')).status).toBe(403);
    expect(platform.audits).toEqual([
      expect.objectContaining({
        eventId: 'deployment-start',
        outcome: 'failure',
        error: 'no innominatus.application.deploy',
        meta: expect.objectContaining({ by: 'user:default/mock' }),
      }),
    ]);
  });

  it('once of one that is asked for twice with the same key', async () => {
    const start = () => deployTo('guarded').set('Idempotency-Key', 'same');
    expect((await start()).status).toBe(202);
    expect((await start()).status).toBe(202);
    expect(platform.audits).toHaveLength(1);
  });

  it('which deployment another one takes back', async () => {
    const { deployment } = await platform.deploy('development/orders', {
      action: 'deploy',
      score: SCORE,
    });
    await knex('deployments')
      .where({ id: deployment.id })
      .update({ status: 'failed' });
    await platform.api.post(`/deployments/${deployment.id}/undo`).send({});
    expect(platform.audits[1]).toMatchObject({
      eventId: 'deployment-start',
      outcome: 'success',
      meta: { undoes: deployment.id },
    });
  });

  it('of a deployment that is withdrawn, with the reason', async () => {
    const { body } = await deployTo('guarded');
    denied = ['innominatus.application.deploy'];
    const cancel = () =>
      platform.api
        .post(`/deployments/${body.id}/cancel`)
        .send({ reason: 'Wrong image' });
    await cancel();
    denied = [];
    await cancel();
    const meta = {
      deploymentId: body.id,
      planHash: body.planHash,
      reason: 'Wrong image',
    };
    expect(platform.audits.slice(1)).toMatchObject([
      { eventId: 'deployment-withdraw', outcome: 'failure', meta },
      { eventId: 'deployment-withdraw', outcome: 'success', meta },
    ]);
  });

  it('of whoever passes a freeze window, or tries to', async () => {
    const override = { overrideFreeze: 'The shop is down' };
    denied = ['innominatus.environment.override'];
    expect((await deployTo('frozen', override)).status).toBe(403);
    denied = [];
    expect((await deployTo('frozen', override)).status).toBe(202);
    const meta = {
      environment: 'frozen',
      name: 'orders',
      reason: 'The shop is down',
    };
    expect(
      platform.audits.filter(({ eventId }) => eventId === 'freeze-override'),
    ).toMatchObject([
      { severity: 'high', outcome: 'failure', meta },
      { outcome: 'success', meta: { ...meta, isFrozen: true } },
    ]);
  });

  it('of environments that are made, changed, extended and removed', async () => {
    const { api } = platform;
    const body = { type: 'testing' };
    await api.post('/environments').send({ name: 'qa', ...body });
    await api.put('/environments/qa').set('If-Match', '*').send(body);
    const copy = { from: 'guarded', branch: 'a' };
    await api.post('/environments').send({ ephemeral: copy });
    await api.post('/environments/a/extend').send({ by: '1h' });
    denied = ['innominatus.environment.delete'];
    await api.delete('/environments/qa').set('If-Match', '*');
    denied = [];
    await api.delete('/environments/qa').set('If-Match', '*');
    expect(
      platform.audits.map(({ eventId, outcome, meta }) => [
        eventId,
        outcome,
        meta,
      ]),
    ).toEqual([
      ['environment-create', 'success', { environment: 'qa', ...body }],
      ['environment-update', 'success', { environment: 'qa' }],
      ['environment-create', 'success', { environment: 'a', from: 'guarded' }],
      ['environment-extend', 'success', { environment: 'a' }],
      ['environment-delete', 'failure', { environment: 'qa' }],
      ['environment-delete', 'success', { environment: 'qa' }],
    ]);
  });
});
