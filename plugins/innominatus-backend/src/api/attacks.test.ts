import {
  applicationDeployPermission,
  goldenPathRunPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { TestApi, startTestApi } from '../__testUtils__/startTestApi';
import {
  ENTITIES,
  createPlatformDirectory,
  restrictToOwners,
  scoreOf,
} from '../__testUtils__/teams';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const locations = createPlatformDirectory();

describe('a user of another team', () => {
  let api: TestApi;

  const deploy = async (user: string, name: string, body: object) => {
    const response = await api
      .user(user)
      .post(`/applications/development/${name}/deployments`, body);
    if (response.status === 202) {
      await api.waitForDeployment(response.body.id);
    }
    return response;
  };

  beforeAll(async () => {
    api = await startTestApi({
      knex: await databases.initEmpty('SQLITE_3'),
      locations,
      entities: ENTITIES,
    });
    restrictToOwners(api.policy);
    await deploy('alice', 'orders', {
      entityRef: 'component:default/orders',
    });
  });

  afterEach(() => {
    api.policy.allowAll();
    restrictToOwners(api.policy);
  });

  it('does not get an answer through the idempotency key of somebody else', async () => {
    const send = (user: string) =>
      api
        .user(user)
        .post('/golden-paths/say-hello/runs', { parameters: { name: 'you' } })
        .set('Idempotency-Key', 'the-same');
    const first = await send('alice').expect(202);
    const again = await send('alice').expect(202);
    expect(again.body).toEqual(first.body);
    const other = await send('mallory').expect(202);
    expect(other.body.id).not.toBe(first.body.id);
    expect(other.body.initiator).toBe('user:default/mallory');
  });

  it('does not get an earlier answer after the permission was taken away', async () => {
    const send = () =>
      api
        .user('mallory')
        .post('/golden-paths/say-hello/runs')
        .set('Idempotency-Key', 'before');
    const before = await send();
    api.policy.deny(goldenPathRunPermission);
    const after = await send();
    expect([before.status, after.status]).toEqual([202, 403]);
  });

  it('does not run a golden path on an application of others', async () => {
    for (const body of [
      { score: scoreOf('orders') },
      { entityRef: 'component:default/orders' },
    ]) {
      const { status } = await api
        .user('mallory')
        .post('/golden-paths/deploy-app/runs', {
          environment: 'development',
          ...body,
        });
      expect(status).toBe(404);
    }
  });

  it('neither retries nor undoes what others have started', async () => {
    const { body: run } = await api
      .user('alice')
      .post('/golden-paths/say-hello/runs', { parameters: { name: 'you' } })
      .expect(202);
    await api.waitForRun(run.id);
    const { body: preview } = await api
      .user('alice')
      .get(`/runs/${run.id}/retry-preview?from=hello`)
      .expect(200);
    const body = { previewVersion: preview.version };
    const mallory = api.user('mallory');
    const answers = [
      await mallory.get(`/runs/${run.id}/retry-preview`),
      await mallory.get(`/runs/${run.id}/undo-preview`),
      await mallory.post(`/runs/${run.id}/retry`, { ...body, from: 'hello' }),
      await mallory.post(`/runs/${run.id}/undo`, body),
    ];
    for (const { status, body: problem } of answers) {
      expect([status, problem.detail]).toEqual([
        404,
        `There is no run "${run.id}"`,
      ]);
    }
    const { body: seen } = await api.user('alice').get(`/runs/${run.id}`);
    expect(seen.retriedBy ?? seen.undoneBy).toBeUndefined();
  });

  it('does not retry a deployment after the permission to deploy was taken away', async () => {
    const { body: deployment } = await deploy('alice', 'orders', {
      entityRef: 'component:default/orders',
    });
    const alice = api.user('alice');
    const { body: preview } = await alice
      .get(`/runs/${deployment.runId}/retry-preview?from=simulate`)
      .expect(200);
    const retry = () =>
      alice.post(`/runs/${deployment.runId}/retry`, {
        previewVersion: preview.version,
        acknowledge: preview.acknowledge,
        from: 'simulate',
      });
    api.policy.deny(applicationDeployPermission);
    await retry().expect(403);
    api.policy.allowAll();
    restrictToOwners(api.policy);
    const { body: run } = await retry().expect(202);
    expect(run.initiator).toBe('user:default/alice');
    await api.waitForDeployment(deployment.id);
  });

  it('gets one retry for a double click, and one answer for one key', async () => {
    const alice = api.user('alice');
    const { body: run } = await alice.post('/golden-paths/say-hello/runs');
    await api.waitForRun(run.id);
    const { body: preview } = await alice.get(
      `/runs/${run.id}/retry-preview?from=hello`,
    );
    const click = (key: string) =>
      alice
        .post(`/runs/${run.id}/retry`, {
          previewVersion: preview.version,
          from: 'hello',
        })
        .set('Idempotency-Key', key);
    const statuses = (await Promise.all([click('a'), click('b')])).map(
      answer => answer.status,
    );
    expect(statuses.sort()).toEqual([202, 409]);
    const [first, second] = [await click('a'), await click('b')];
    const { body: retries } = await alice.get(
      `/runs?filter[retryOf]=${run.id}`,
    );
    expect(retries.items).toHaveLength(1);
    expect([first, second].map(answer => answer.status).sort()).toEqual([
      202, 409,
    ]);
    expect([first, second].find(answer => answer.status === 202)?.body.id).toBe(
      retries.items[0].id,
    );
  });
});
