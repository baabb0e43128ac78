import { Entity } from '@backstage/catalog-model';
import { applicationDeletePermission } from '@innominatus/backstage-plugin-innominatus-common';
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

const MALLORY = 'group:default/team-b';

/** A component of Mallory's team whose Score spec says what she likes. */
function entityOfMallory(name: string, score: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default' },
    spec: { type: 'service', lifecycle: 'production', owner: MALLORY, score },
    relations: [{ type: 'ownedBy', targetRef: MALLORY }],
  };
}

describe('what belongs to others', () => {
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
      entities: [
        ...ENTITIES,
        entityOfMallory(
          'thief',
          scoreOf('thief', 'type: postgres, id: orders.db'),
        ),
        entityOfMallory(
          'early',
          scoreOf('early', 'type: postgres, id: later.db'),
        ),
        entityOfMallory('squatter', scoreOf('unowned')),
        entityOfMallory('heir', scoreOf('left')),
      ],
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

  it('does not get the database of others by naming it as a shared one', async () => {
    const { status, body } = await deploy('mallory', 'thief', {
      entityRef: 'component:default/thief',
    });
    expect([status, body.code]).toEqual([422, 'SCORE_INVALID']);
  });

  it('does not provide the database that others will ask for', async () => {
    await deploy('mallory', 'early', { entityRef: 'component:default/early' });
    await deploy('admin', 'later', { score: scoreOf('later') });
    const { body } = await api
      .user('admin')
      .get('/applications/development/later/resources');
    expect(JSON.stringify(body)).not.toContain('"workload":"early"');
  });

  it('does not learn from errors what others have', async () => {
    const answers = async (name: string) =>
      Promise.all(
        [
          { action: 'rollback' },
          { action: 'rollback', target: { revision: 99 } },
          { action: 'delete' },
        ].map(async body => {
          const response = await api
            .user('mallory')
            .post(`/applications/development/${name}/plans`, body);
          return [
            response.status,
            String(response.body.detail)
              .replaceAll(name, 'X')
              .replace('. Deploy a Score spec first.', ''),
          ];
        }),
      );
    expect(await answers('orders')).toEqual(await answers('nobody'));
  });

  it('does not take over an application that nobody owns', async () => {
    const { status } = await deploy('admin', 'unowned', {
      score: scoreOf('unowned'),
    });
    expect(status).toBe(202);
    const taken = await deploy('mallory', 'unowned', {
      entityRef: 'component:default/squatter',
    });
    expect(taken.status).toBe(404);
    await api
      .user('mallory')
      .get('/applications/development/unowned')
      .expect(404);
  });

  it('does not see the history of a deleted application of the same name', async () => {
    const secret = scoreOf('left').replace('left:1.0.0', 'left:confidential');
    await deploy('admin', 'left', { score: secret });
    await deploy('admin', 'left', { action: 'delete' });
    await deploy('mallory', 'left', { entityRef: 'component:default/heir' });
    const revisions = await api
      .user('mallory')
      .get('/applications/development/left/revisions');
    expect(revisions.text).not.toContain('confidential');
    const rollback = await api
      .user('mallory')
      .post('/applications/development/left/plans', {
        action: 'rollback',
        target: { revision: 1 },
      });
    expect(rollback.text).not.toContain('confidential');
  });

  it('does not remove a workload with the permission to deploy alone', async () => {
    api.policy.deny(applicationDeletePermission);
    const { status } = await deploy('alice', 'orders', {
      action: 'deploy',
      entityRef: 'component:default/orders',
      goldenPath: 'undeploy-app',
    });
    expect(status).toBeGreaterThanOrEqual(400);
  });

  it('does not record a deployment that deployed nothing', async () => {
    const { status } = await deploy('alice', 'orders', {
      entityRef: 'component:default/orders',
      goldenPath: 'say-hello',
    });
    expect(status).toBeGreaterThanOrEqual(400);
  });
});
