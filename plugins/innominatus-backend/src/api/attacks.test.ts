import { goldenPathRunPermission } from '@innominatus/backstage-plugin-innominatus-common';
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
});
