import { mockCredentials } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const rule = (text: string) =>
  PLATFORM.replace(
    'spec: { type: development }',
    `spec: { type: development, rules: { approval: { ${text} } } }`,
  );

describe.each(databases.each())('approvals of plans on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;
  const files = new Map([['platform.yaml', PLATFORM]]);

  const start = async (text: string) => {
    files.set('platform.yaml', rule(text));
    platform = await createTestPlatform({ knex, files });
  };

  const ask = async (more: object = {}) => {
    const { body, status } = await platform.api
      .post('/applications/development/orders/deployments')
      .send({ action: 'deploy', score: SCORE, ...more });
    expect(status).toBe(202);
    return body;
  };

  const decide = async (approvalId: string, who: string, body: object = {}) => {
    const { body: approval } = await platform.api.get(
      `/approvals/${approvalId}`,
    );
    return platform.api
      .post(`/approvals/${approvalId}/decisions`)
      .set('Authorization', mockCredentials.user.header(`user:default/${who}`))
      .send({ decision: 'approve', planHash: approval.plan.hash, ...body });
  };

  const deploymentOf = async (deploymentId: string) =>
    (await platform.api.get(`/deployments/${deploymentId}`)).body;

  beforeEach(async () => {
    knex = await databases.init(id);
  });

  afterEach(async () => {
    await platform.stop();
  });

  it('begins a deployment once as many as needed have agreed, and not before', async () => {
    await start('approvers: [user:jane, user:joe], quorum: 2');
    const planned = await platform.api
      .post('/applications/development/orders/plans')
      .send({ action: 'deploy', score: SCORE });
    expect(planned.body.approval).toEqual({
      approvers: ['user:default/jane', 'user:default/joe'],
      quorum: 2,
      reasonRequired: false,
    });
    const deployment = await ask({ planHash: planned.body.hash });
    expect(deployment).toMatchObject({
      status: 'pending',
      planId: planned.body.id,
      waiting: { kind: 'approval', approval: { missing: 2, kind: 'plan' } },
    });
    expect(deployment.runId).toBeUndefined();
    await expect(knex('resources').select()).resolves.toEqual([]);
    await expect(knex('workflow_runs').select()).resolves.toEqual([]);

    const pending = await platform.api.get('/approvals?filter[state]=pending');
    expect(pending.body.items).toMatchObject([
      {
        kind: 'plan',
        deployment: { number: 1, action: 'deploy' },
        plan: { id: planned.body.id, hash: planned.body.hash },
        application: { environment: 'development', name: 'orders' },
      },
    ]);
    const first = await decide(deployment.approvalId, 'jane');
    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({ state: 'pending', missing: 1 });
    const twice = await decide(deployment.approvalId, 'jane');
    expect(twice.body.code).toBe('APPROVAL_TWICE');
    expect((await deploymentOf(deployment.id)).runId).toBeUndefined();

    const second = await decide(deployment.approvalId, 'joe');
    expect(second.body).toMatchObject({ state: 'approved', missing: 0 });
    const { runId } = await deploymentOf(deployment.id);
    const run = await platform.waitForEnd(runId);
    expect(run.status).toBe('succeeded');
    expect(run.initiator).toBe('user:default/mock');
  });

  it('asks whom the rule names, and neither who asked nor who did not look', async () => {
    await start('approvers: [user:jane, user:mock], reasonRequired: true');
    const { approvalId } = await ask();
    const codes = [
      await decide(approvalId, 'someone', { reason: 'ok' }),
      await decide(approvalId, 'mock', { reason: 'ok' }),
      await decide(approvalId, 'jane'),
      await decide(approvalId, 'jane', { reason: 'ok', planHash: undefined }),
      await decide(approvalId, 'jane', { reason: 'ok', planHash: 'other' }),
    ].map(({ status, body }) => [status, body.code]);
    expect(codes).toEqual([
      [403, 'APPROVAL_NOT_APPROVER'],
      [403, 'APPROVAL_OWN_RUN'],
      [400, 'APPROVAL_REASON_MISSING'],
      [400, 'PLAN_HASH_MISSING'],
      [409, 'PLAN_CHANGED'],
    ]);
    await expect(knex('workflow_runs').select()).resolves.toEqual([]);
  });

  it('ends the deployment when one rejects, and leaves the application as it was', async () => {
    await start('actions: [deploy]');
    const { id: deploymentId, approvalId } = await ask();
    const rejected = await decide(approvalId, 'jane', {
      decision: 'reject',
      reason: 'Not on a Friday',
    });
    expect(rejected.body.state).toBe('rejected');
    expect(await deploymentOf(deploymentId)).toMatchObject({
      status: 'failed',
      failure: {
        error: {
          code: 'APPROVAL_REJECTED',
          message: 'user:default/jane rejected the plan: Not on a Friday',
        },
      },
    });
    const { body } = await platform.api.get('/applications/development/orders');
    expect(body).toMatchObject({ status: 'none', resources: [] });
    const late = await decide(approvalId, 'joe');
    expect(late.body.code).toBe('APPROVAL_DECIDED');
  });

  it('ends the deployment when its plan is not the same any more, and says what moved', async () => {
    await start('');
    const waiting = await ask();
    const other = await ask({
      score: SCORE.replace('size: small', 'size: large'),
    });
    expect((await decide(other.approvalId, 'jane')).status).toBe(202);
    await platform.waitForEnd((await deploymentOf(other.id)).runId);

    const answer = await decide(waiting.approvalId, 'jane');
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      code: 'PLAN_CHANGED',
      moved: expect.arrayContaining([
        'Resource db (postgres): update, not create',
      ]),
    });
    expect(await deploymentOf(waiting.id)).toMatchObject({
      status: 'failed',
      failure: { error: { code: 'PLAN_CHANGED' } },
    });
    const { body } = await platform.api.get(`/approvals/${waiting.approvalId}`);
    expect(body.state).toBe('cancelled');
  });

  it('gives up when nobody decides in time', async () => {
    await start("expiresAfter: '1h'");
    const { id: deploymentId, approvalId } = await ask();
    await platform.deploymentApprovals.settle();
    expect((await deploymentOf(deploymentId)).status).toBe('pending');
    await knex('approvals').update({ expires_at: Date.now() - 1 });
    expect((await decide(approvalId, 'jane')).body.code).toBe(
      'APPROVAL_EXPIRED',
    );
    await platform.deploymentApprovals.settle();
    expect(await deploymentOf(deploymentId)).toMatchObject({
      status: 'failed',
      failure: { error: { code: 'APPROVAL_EXPIRED' } },
    });
  });

  it('carries out what was approved by a process that died', async () => {
    await start('');
    const { id: deploymentId, approvalId } = await ask();
    await knex('approvals')
      .where({ id: approvalId })
      .update({ state: 'approved' });
    await platform.deploymentApprovals.settle();
    const { runId } = await deploymentOf(deploymentId);
    expect((await platform.waitForEnd(runId)).status).toBe('succeeded');
    await platform.deploymentApprovals.settle();
    await expect(
      knex('workflow_runs').whereNull('parent_run_id'),
    ).resolves.toHaveLength(1);
  });

  it('lists deployments that wait as pending', async () => {
    await start('');
    const { id: deploymentId } = await ask();
    const { body } = await platform.api.get(
      '/deployments?filter[status]=pending',
    );
    expect(body.items.map((item: { id: string }) => item.id)).toEqual([
      deploymentId,
    ]);
  });

  it('asks nobody about changes that the rule does not name', async () => {
    await start('actions: [delete]');
    const { deployment } = await platform.deploy('development/orders', {
      action: 'deploy',
      score: SCORE,
    });
    expect(deployment).toMatchObject({ status: 'succeeded' });
    expect(deployment.approvalId).toBeUndefined();
    const { body } = await platform.api
      .post('/applications/development/orders/deployments')
      .send({ action: 'delete' });
    expect(body.waiting.kind).toBe('approval');
  });
});
