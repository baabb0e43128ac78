import {
  approvalDecidePermission,
  runReadPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { OpenApiContract } from '../__testUtils__/OpenApiContract';
import { TestApi, startTestApi } from '../__testUtils__/startTestApi';
import {
  ENTITIES,
  createPlatformDirectory,
  restrictToOwners,
  teamOf,
} from '../__testUtils__/teams';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(90_000);

const databases = createTestDatabases();
const locations = createPlatformDirectory();
const contract = OpenApiContract.load();

/**
 * Alice is in team A and Mallory in team B. The administrator and Jane are in
 * no team and may read everything.
 */
describe.each(databases.each())('approvals on %s', databaseId => {
  let api: TestApi;
  let knex: Knex;

  beforeAll(async () => {
    knex = await databases.initEmpty(databaseId);
    api = await startTestApi({
      knex,
      locations,
      entities: ENTITIES,
      groupOf: teamOf,
    });
  });

  afterAll(async () => {
    await api.stop();
  });

  afterEach(() => api.policy.allowAll());

  const run = async (
    name: string,
    options: { user?: string; parameters?: object } = {},
  ) => {
    const { user = 'admin', parameters = {} } = options;
    const { body } = await api
      .user(user)
      .post(`/golden-paths/${name}/runs`, { parameters })
      .expect(202);
    const id = await api.waitForApproval(body.id);
    return { runId: body.id as string, number: body.number as number, id };
  };

  const decide = (
    user: string,
    id: string,
    body: object = { decision: 'approve' },
  ) => api.user(user).post(`/approvals/${id}/decisions`, body);

  it('let a run go on, and tell it who approved', async () => {
    const { runId, number, id } = await run('ask-first');
    const { body: waiting } = await api.user('alice').get(`/runs/${runId}`);
    expect(contract.findingsOf('Run', waiting)).toEqual([]);
    expect(waiting).toMatchObject({
      status: 'waiting',
      waiting: {
        kind: 'approval',
        message:
          'Step "Ask the team" waits for an approval by group:default/team-a.',
        until: expect.any(Number),
        approval: { id, step: 'ask', missing: 1 },
      },
    });
    expect(waiting.steps[0].approval).toMatchObject({
      id,
      state: 'pending',
      run: { id: runId, number, workflow: 'ask-first' },
      step: { name: 'ask', title: 'Ask the team' },
      requester: 'user:default/admin',
      message: 'May group:default/team-a go on?',
      allowedActions: { approve: { allowed: true }, reject: { allowed: true } },
    });
    const answer = await decide('alice', id, {
      decision: 'approve',
      reason: 'Tested',
    });
    expect([answer.status, answer.body.state]).toEqual([202, 'approved']);
    expect(answer.headers.location).toBe(`/api/innominatus/v1/approvals/${id}`);
    expect(contract.findings(answer)).toEqual([]);
    const ended = await api.waitForRun(runId);
    expect(ended).toMatchObject({
      status: 'succeeded',
      outputs: { by: 'user:default/alice' },
    });
    expect(ended.steps[0].outputs).toMatchObject({
      approvedBy: 'user:default/alice',
      reason: 'Tested',
      decidedAt: answer.body.decidedAt,
    });
    const { body } = await api.user('jane').get(`/approvals/${id}`).expect(200);
    expect(contract.findingsOf('Approval', body)).toEqual([]);
    expect(body.decisions).toEqual([
      {
        decision: 'approve',
        by: 'user:default/alice',
        at: answer.body.decidedAt,
        reason: 'Tested',
      },
    ]);
  });

  it('fail the step when somebody rejects', async () => {
    const { runId, id } = await run('ask-first');
    await decide('alice', id, { decision: 'reject', reason: 'Not now' }).expect(
      202,
    );
    const ended = await api.waitForRun(runId);
    expect(ended.failure).toMatchObject({
      step: 'ask',
      error: {
        code: 'APPROVAL_REJECTED',
        message: 'user:default/alice rejected step "ask": Not now.',
      },
    });
    expect(ended.steps[0].approval.state).toBe('rejected');
  });

  it('count each person of a quorum once', async () => {
    const { runId, id } = await run('ask-two');
    const body = { decision: 'approve', reason: 'Fine' };
    const first = await decide('alice', id, body).expect(202);
    expect(first.body).toMatchObject({
      state: 'pending',
      missing: 1,
      allowedActions: {
        approve: {
          allowed: false,
          reason:
            'user:default/alice approved already, and each person counts once.',
        },
        reject: { allowed: true },
      },
    });
    const again = await decide('alice', id, body);
    expect([again.status, again.body.code]).toEqual([409, 'APPROVAL_TWICE']);
    await decide('jane', id, body).expect(202);
    expect((await api.waitForRun(runId)).status).toBe('succeeded');
  });

  it('are decided once, however many answer in the same moment', async () => {
    const { runId, id } = await run('ask-first', {
      parameters: { approver: 'user:default/alice' },
    });
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => decide('alice', id)),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter(status => status === 202).length).toBeGreaterThan(0);
    expect(statuses.every(status => status === 202 || status === 409)).toBe(
      true,
    );
    await api.waitForRun(runId);
    const { body } = await api.user('admin').get(`/approvals/${id}`);
    expect(body.decisions).toHaveLength(1);
  });

  it('answer the same to the same idempotency key', async () => {
    const { runId, id } = await run('ask-first');
    const send = (body: object) =>
      decide('alice', id, body).set('Idempotency-Key', `key-${id}`);
    const first = await send({ decision: 'approve' }).expect(202);
    await api.waitForRun(runId);
    const again = await send({ decision: 'approve' }).expect(202);
    expect(again.body).toEqual(first.body);
    await send({ decision: 'reject' }).expect(422);
  });

  it('are listed by state, run and who may decide', async () => {
    const { runId, number, id } = await run('ask-first');
    const other = await run('ask-first', {
      parameters: { approver: 'user:default/nobody' },
    });
    const list = async (user: string, query: string) => {
      const { body } = await api.user(user).get(`/approvals?${query}`);
      return body.items.map((item: { id: string }) => item.id);
    };
    expect(await list('jane', `filter[run]=${number}`)).toEqual([id]);
    expect(await list('jane', `filter[run]=${runId},${other.number}`)).toEqual([
      other.id,
      id,
    ]);
    expect(
      await list('jane', `filter[run]=${runId}&filter[state]=approved`),
    ).toEqual([]);
    expect(await list('alice', 'filter[approver]=me')).toEqual([id]);
    expect(await list('mallory', 'filter[approver]=me')).toEqual([]);
    expect(await list('nobody', 'filter[approver]=me')).toEqual([other.id]);
    api.policy.deny(approvalDecidePermission);
    expect(await list('alice', 'filter[approver]=me')).toEqual([]);
    api.policy.allowAll();
    const page = await api
      .user('jane')
      .get('/approvals?limit=1&count=true&sort=requestedAt')
      .expect(200);
    expect(contract.findings(page)).toEqual([]);
    expect(page.body.total).toBeGreaterThan(1);
    const next = await api
      .user('jane')
      .get(`/approvals?limit=1&sort=requestedAt&cursor=${page.body.nextCursor}`)
      .expect(200);
    expect(next.body.items[0].id).not.toBe(page.body.items[0].id);
    const unknown = await api.user('jane').get('/approvals?filter[who]=me');
    expect(unknown.status).toBe(400);
    await decide('alice', id).expect(202);
    expect(await list('alice', 'filter[approver]=me')).toEqual([]);
  });

  it('are announced, and the approvers notified without who asks', async () => {
    const { runId, id } = await run('ask-first', { user: 'alice' });
    for (;;) {
      const row = await knex('approvals').where({ id }).first();
      if (row.announced_state === 'pending') {
        break;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    expect(
      api.notifications.filter(({ payload }) => payload.scope === id),
    ).toEqual([
      {
        recipients: {
          type: 'entity',
          entityRef: ['group:default/team-a'],
          excludeEntityRef: 'user:default/alice',
        },
        payload: expect.objectContaining({
          title: expect.stringContaining('"Ask the team"'),
          link: `/innominatus/runs/${runId}?step=ask`,
        }),
      },
    ]);
  });

  describe('attacked', () => {
    it('are not decided by people who are not asked', async () => {
      const { id } = await run('ask-first');
      const { status, body } = await decide('mallory', id);
      expect([status, body.code]).toEqual([403, 'APPROVAL_NOT_APPROVER']);
      expect(body.detail).toBe(
        'You are not among the approvers: group:default/team-a.',
      );
      expect(contract.findingsOf('Problem', body)).toEqual([]);
      const { body: seen } = await api.user('mallory').get(`/approvals/${id}`);
      expect(seen.allowedActions.approve).toEqual({
        allowed: false,
        reason: body.detail,
      });
    });

    it('are not decided by who started the run', async () => {
      const { runId, id } = await run('ask-first', { user: 'alice' });
      for (const decision of ['approve', 'reject']) {
        const { status, body } = await decide('alice', id, { decision });
        expect([status, body.code]).toEqual([403, 'APPROVAL_OWN_RUN']);
      }
      // Not even by a signal that comes around the routes.
      await knex('run_signals').insert({
        id: `forged-${id}`,
        run_id: runId,
        at: Date.now(),
        payload: JSON.stringify({
          id: `forged-${id}`,
          kind: 'approve',
          step: 'ask',
          by: 'user:default/alice',
        }),
      });
      await knex('workflow_runs').where({ id: runId }).update({ wake_at: 1 });
      for (;;) {
        const signal = await knex('run_signals')
          .where({ id: `forged-${id}` })
          .first();
        if (signal.delivered) {
          break;
        }
        await new Promise(resolve => setTimeout(resolve, 50));
      }
      const { body } = await api.user('admin').get(`/approvals/${id}`);
      expect(body).toMatchObject({ state: 'pending', decisions: [] });
    });

    it('are hidden from those who may not read the run', async () => {
      const { id } = await run('ask-first');
      restrictToOwners(api.policy);
      await api.user('mallory').get(`/approvals/${id}`).expect(404);
      await decide('mallory', id).expect(404);
      const { body } = await api.user('mallory').get('/approvals').expect(200);
      expect(body.items).toEqual([]);
      api.policy.deny(runReadPermission);
      await api.user('alice').get('/approvals').expect(403);
      await decide('alice', id).expect(404);
    });

    it('are not decided by services, except on behalf of a user', async () => {
      const { id } = await run('ask-first');
      const answer = await api
        .service('external:ci')
        .post(`/approvals/${id}/decisions`, { decision: 'approve' });
      expect([answer.status, answer.body.code]).toEqual([
        403,
        'APPROVAL_NEEDS_USER',
      ]);
      const { body } = await api
        .service('external:ci')
        .get('/approvals?filter[approver]=me')
        .expect(200);
      expect(body.items).toEqual([]);
    });

    it('cannot be decided again, nor turned around', async () => {
      const { runId, id } = await run('ask-first');
      await decide('alice', id).expect(202);
      await api.waitForRun(runId);
      for (const decision of ['approve', 'reject']) {
        const { status, body } = await decide('alice', id, { decision });
        expect([status, body.code]).toEqual([409, 'APPROVAL_DECIDED']);
      }
    });

    it('cannot be decided after the run was cancelled', async () => {
      const { runId, id } = await run('ask-first');
      await api.user('admin').post(`/runs/${runId}/cancel`).expect(202);
      await api.waitForRun(runId);
      const { status, body } = await decide('alice', id);
      expect([status, body.code]).toEqual([409, 'APPROVAL_DECIDED']);
      const { body: seen } = await api.user('jane').get(`/approvals/${id}`);
      expect(seen.state).toBe('cancelled');
    });

    it('cannot be decided after their time', async () => {
      const { id } = await run('ask-first');
      await knex('approvals').where({ id }).update({ expires_at: 1 });
      const { status, body } = await decide('alice', id);
      expect([status, body.code]).toEqual([409, 'APPROVAL_EXPIRED']);
    });

    it.each([
      ['no decision', {}, 'decision'],
      ['another decision', { decision: 'maybe' }, 'decision'],
      ['an unknown field', { decision: 'approve', by: 'user:a/b' }, '"by"'],
      [
        'the hash of a plan',
        { decision: 'approve', planHash: 'x' },
        'planHash',
      ],
      [
        'a reason without end',
        { decision: 'approve', reason: 'x'.repeat(501) },
        'reason',
      ],
    ])('refuse %s', async (_, sent, field) => {
      const { id } = await run('ask-first');
      const { status, body } = await decide('alice', id, sent);
      expect(status).toBe(400);
      expect(body.detail).toContain(field);
    });

    it('refuse a decision without the reason that is required', async () => {
      const { id } = await run('ask-two');
      const { status, body } = await decide('jane', id);
      expect([status, body.code]).toEqual([400, 'APPROVAL_REASON_MISSING']);
    });

    it('do not exist under other names', async () => {
      const { id } = await run('ask-first');
      for (const other of [`${id}0`, `${id}%27--`, 'x', '..%2Fruns']) {
        await api.user('alice').get(`/approvals/${other}`).expect(404);
      }
    });
  });
});
