import {
  resourceReadPermission,
  resourceRevealPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { OpenApiContract } from '../__testUtils__/OpenApiContract';
import { TestApi, startTestApi } from '../__testUtils__/startTestApi';
import { ENTITIES, createPlatformDirectory } from '../__testUtils__/teams';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const contract = OpenApiContract.load();
const SECRET = 's3cr3t-of-db';

describe.each(databases.each())('secret outputs on %s', databaseId => {
  let api: TestApi;
  let knex: Knex;
  let id: string;

  beforeAll(async () => {
    knex = await databases.initEmpty(databaseId);
    api = await startTestApi({
      knex,
      locations: createPlatformDirectory(),
      entities: ENTITIES,
    });
    const { body } = await api
      .user('admin')
      .post('/applications/development/orders/deployments', {
        entityRef: 'component:default/orders',
      })
      .expect(202);
    await api.waitForDeployment(body.id);
    const list = await api.user('admin').get('/resources').expect(200);
    ({ id } = list.body.items[0]);
  });

  afterEach(() => api.policy.allowAll());
  afterAll(() => api.stop());

  const reveal = (body: object, name = 'jane') =>
    api.user(name).post(`/resources/${id}/reveal`, body);
  const records = () => knex('resource_reveals').orderBy('id').select();

  it('are shown for a reason, which is kept with the name of the person', async () => {
    const body = { output: 'password', reason: 'Look at the migration' };
    expect(contract.requestFindings('revealResourceOutput', body)).toEqual([]);
    const response = await reveal(body).expect(200);
    expect(contract.findings(response)).toEqual([]);
    expect(response.body).toMatchObject({ output: 'password', value: SECRET });
    expect(response.headers['cache-control']).toBe('no-store');
    expect(await records()).toEqual([
      expect.objectContaining({
        resource_id: id,
        output: 'password',
        reason: 'Look at the migration',
        by: 'user:default/jane',
      }),
    ]);
  });

  it('are nowhere else', async () => {
    const { body: runs } = await api.user('admin').get('/runs').expect(200);
    const routes = [
      '/resources',
      `/resources/${id}`,
      `/resources/${id}/transitions`,
      '/applications/development/orders',
      '/applications/development/orders/resources',
      '/applications/development/orders/graph',
      ...runs.items.flatMap((run: { id: string }) => [
        `/runs/${run.id}`,
        `/runs/${run.id}/logs`,
        `/runs/${run.id}/steps`,
      ]),
    ];
    for (const route of routes) {
      const { text } = await api.user('admin').get(route).expect(200);
      for (const form of [
        SECRET,
        Buffer.from(SECRET).toString('base64').replace(/=+$/, ''),
      ]) {
        expect([route, text.includes(form)]).toEqual([route, false]);
      }
    }
    const tables = ['resources', 'run_events', 'secrets', 'resource_reveals'];
    for (const table of tables) {
      expect(JSON.stringify(await knex(table).select())).not.toContain(SECRET);
    }
  });

  it('are not shown without permission, reason, or to a service', async () => {
    const before = await records();
    const body = { output: 'password', reason: 'Look at the migration' };
    api.policy.deny(resourceRevealPermission);
    expect((await reveal(body)).status).toBe(403);
    api.policy.deny(resourceReadPermission);
    expect((await reveal(body)).status).toBe(404);
    api.policy.allowAll();
    expect((await reveal({ output: 'password' })).status).toBe(400);
    expect((await reveal({ ...body, reason: '   ' })).status).toBe(400);
    const service = await api
      .service('external:ci')
      .post(`/resources/${id}/reveal`, body);
    expect([401, 403]).toContain(service.status);
    const anonymous = await api.anonymous.post(`/resources/${id}/reveal`, body);
    expect(anonymous.status).toBe(401);
    expect(await records()).toEqual(before);
  });

  it('are named by the outputs there are', async () => {
    const missing = await reveal({ output: 'pasword', reason: 'a typo' });
    expect(missing.status).toBe(404);
    expect(missing.body.detail).toContain('"host", "password"');
    const open = await reveal({ output: 'host', reason: 'curious' });
    expect(open.status).toBe(400);
    expect(open.body.detail).toContain('is no secret');
  });

  it('are not shown when the record cannot be written', async () => {
    await knex.schema.renameTable('resource_reveals', 'away');
    try {
      const { status, text } = await reveal({
        output: 'password',
        reason: 'nobody will know',
      });
      expect(status).toBe(500);
      expect(text).not.toContain(SECRET);
    } finally {
      await knex.schema.renameTable('away', 'resource_reveals');
    }
  });
});
