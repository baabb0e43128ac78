import { mockCredentials } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('approved deployments on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  const start = async (spec: string) => {
    platform = await createTestPlatform({
      knex,
      files: new Map([
        [
          'platform.yaml',
          PLATFORM.replace(
            'spec: { type: development }',
            `spec: { type: development, quotas: { resourcesByType: { postgres: 1 } }, ${spec} }`,
          ),
        ],
      ]),
    });
  };

  const ask = async (name: string) => {
    const { body, status } = await platform.api
      .post(`/applications/development/${name}/deployments`)
      .send({
        action: 'deploy',
        score: SCORE.replace('name: orders', `name: ${name}`),
      });
    expect(status).toBe(202);
    return body;
  };

  const approve = async (approvalId: string) => {
    const { body } = await platform.api.get(`/approvals/${approvalId}`);
    return platform.api
      .post(`/approvals/${approvalId}/decisions`)
      .set('Authorization', mockCredentials.user.header('user:default/jane'))
      .send({ decision: 'approve', planHash: body.plan.hash });
  };

  const get = async (deploymentId: string) =>
    (await platform.api.get(`/deployments/${deploymentId}`)).body;

  /** Two of them fit when they are asked for, and one when it is approved. */
  const fill = async () => {
    const [late, early] = [await ask('late'), await ask('early')];
    expect((await approve(early.approvalId)).status).toBe(202);
    await platform.waitForEnd((await get(early.id)).runId);
    return late;
  };

  const lookNow = async () => {
    await knex('deployments').update({ retry_at: Date.now() });
    await platform.deploymentApprovals.settle();
  };

  beforeEach(async () => {
    knex = await databases.init(id);
  });

  afterEach(async () => {
    await platform.stop();
  });

  it('wait for room, say so, and begin when there is some', async () => {
    await start('rules: { approval: { quorum: 1 } }');
    const late = await fill();
    const answer = await approve(late.approvalId);
    expect([answer.status, answer.body.state]).toEqual([202, 'approved']);
    const held = await get(late.id);
    expect(held).toMatchObject({
      status: 'pending',
      waiting: {
        kind: 'limit',
        message: expect.stringMatching(
          /^Approved, but cannot be carried out yet: .*allows 1 resources.* given up at /,
        ),
        until: expect.any(Number),
      },
    });
    expect(held.runId).toBeUndefined();

    // Not in each round, but when it is time.
    const before = await knex('deployments').where({ id: late.id }).first();
    await platform.deploymentApprovals.settle();
    await expect(
      knex('deployments').where({ id: late.id }).first('hold'),
    ).resolves.toEqual({ hold: before.hold });
    await lookNow();
    const after = await knex('deployments').where({ id: late.id }).first();
    expect(JSON.parse(after.hold)).toMatchObject({ tries: 2 });

    await knex('resources')
      .where({ workload: 'early' })
      .update({ state: 'terminated' });
    await lookNow();
    const { runId, waiting } = await get(late.id);
    expect(waiting?.kind).not.toBe('limit');
    expect((await platform.waitForEnd(runId)).status).toBe('succeeded');
  });

  it('end with the reason when their approval is over', async () => {
    await start("rules: { approval: { quorum: 1, expiresAfter: '1h' } }");
    const late = await fill();
    await approve(late.approvalId);
    const { until } = (await get(late.id)).waiting;
    const { body: approval } = await platform.api.get(
      `/approvals/${late.approvalId}`,
    );
    expect(new Date(until).toISOString()).toBe(approval.expiresAt);

    const { hold } = await knex('deployments')
      .where({ id: late.id })
      .first('hold');
    await knex('deployments')
      .where({ id: late.id })
      .update({
        hold: JSON.stringify({ ...JSON.parse(hold), until: Date.now() - 1 }),
      });
    await lookNow();
    const ended = await get(late.id);
    expect(ended).toMatchObject({
      status: 'failed',
      failure: {
        error: {
          code: 'APPROVAL_EXPIRED',
          message: expect.stringMatching(
            /^It was approved, but could not be carried out in time: .*allows 1 resources/,
          ),
        },
      },
    });
    expect(ended.waiting).toBeUndefined();
    expect(await knex('workflow_runs').where({ depth: 0 })).toHaveLength(1);
  });
});
