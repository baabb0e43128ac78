import { TestApi, startTestApi } from '../__testUtils__/startTestApi';
import { ENTITIES, createPlatformDirectory } from '../__testUtils__/teams';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const locations = createPlatformDirectory();
const body = { entityRef: 'component:default/orders' };

describe('services', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startTestApi({
      knex: await databases.initEmpty('SQLITE_3'),
      locations,
      entities: ENTITIES,
      config: {
        serviceAccess: [
          { subject: 'external:ci', environments: ['production'] },
          { subject: 'external:stage', environments: ['development'] },
        ],
      },
    });
  });

  const deploy = (subject: string, environment: string, more: object = body) =>
    api
      .service(subject)
      .post(`/applications/${environment}/orders/deployments`, more);

  it('deploy to development without further ado', async () => {
    const { body: deployment } = await deploy('external:any', 'development');
    expect(deployment.createdBy).toBe('external:any');
    await api.waitForDeployment(deployment.id);
  });

  it('deploy to production only when they are listed for it', async () => {
    for (const subject of [
      'external:any',
      'external:stage',
      'external:ci2',
      'External:CI',
      'plugin:scaffolder',
    ]) {
      const { status, body: problem } = await deploy(subject, 'production');
      expect([status, problem.code]).toEqual([403, 'NOT_ALLOWED']);
      expect(problem.detail).toContain('innominatus.serviceAccess');
    }
    await api
      .service('external:any')
      .post('/golden-paths/deploy-app/runs', {
        ...body,
        environment: 'production',
      })
      .expect(403);
    const { body: none } = await api.user('admin').get('/applications');
    expect(none.items).toHaveLength(1);

    const { status, body: deployment } = await deploy(
      'external:ci',
      'production',
    );
    expect(status).toBe(202);
    await api.waitForDeployment(deployment.id);
  });

  it('delete from production only when they are listed for it', async () => {
    for (const action of ['delete', 'deprovision', 'rollback', 'deploy']) {
      await deploy('external:any', 'production', {
        action,
        ...(action === 'rollback' ? { target: { revision: 1 } } : {}),
      }).expect(403);
    }
    const { status } = await api
      .service('external:any')
      .post('/golden-paths/undeploy-app/runs', {
        ...body,
        environment: 'production',
      });
    expect(status).toBe(403);
  });

  it('cancel production runs only when they are listed for it', async () => {
    const { body: deployment } = await deploy('external:ci', 'production');
    const cancel = (subject: string) =>
      api.service(subject).post(`/runs/${deployment.runId}/cancel`, {});
    await cancel('external:any').expect(403);
    await cancel('external:ci').expect(202);
    await api.waitForDeployment(deployment.id);
  });

  it('are told on the objects what they may do', async () => {
    const actionsOf = async (subject: string) => {
      const { body: application } = await api
        .service(subject)
        .get('/applications/production/orders');
      return application.allowedActions;
    };
    expect(await actionsOf('external:any')).toMatchObject({
      plan: { allowed: true },
      deploy: { allowed: false },
      delete: { allowed: false },
    });
    expect((await actionsOf('external:ci')).deploy.allowed).toBe(true);
  });

  it('act as the user on whose behalf they call', async () => {
    const token = `Bearer mock-service-token:${JSON.stringify({
      sub: 'plugin:scaffolder',
      obo: 'user:default/alice',
      target: 'innominatus',
    })}`;
    const { status, body: deployment } = await api.anonymous
      .post('/applications/production/orders/deployments', body)
      .set('Authorization', token);
    expect([status, deployment.createdBy]).toEqual([202, 'user:default/alice']);
  });
});
