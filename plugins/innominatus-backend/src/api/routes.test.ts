import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { innominatusPermissions } from '@innominatus/backstage-plugin-innominatus-common';
import { Handler } from 'express';
import { OpenApiContract } from '../__testUtils__/OpenApiContract';
import { mountedRoutes } from '../__testUtils__/mountedRoutes';
import {
  EXAMPLE_LOCATIONS,
  TestApi,
  startTestApi,
} from '../__testUtils__/startTestApi';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { innominatusPlugin } from '../plugin';

const databases = createTestDatabases();
const contract = OpenApiContract.load();

/** The path with a value for each of its parameters. */
const fill = (path: string) => path.replace(/\{\w+\}/g, 'nothing');

describe('the routes', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startTestApi({
      knex: await databases.initEmpty('SQLITE_3'),
      locations: EXAMPLE_LOCATIONS,
    });
  });

  it('are those of openapi.yaml, no more and no less', async () => {
    const handlers: Handler[] = [];
    await startTestBackend({
      features: [
        innominatusPlugin,
        mockServices.database.factory({
          knex: await databases.initEmpty('SQLITE_3'),
        }),
        catalogServiceMock.factory({ entities: [] }),
        mockServices.httpRouter.mock({
          use: handler => {
            handlers.push(handler);
          },
        }).factory,
      ],
    });
    const mounted = handlers.flatMap(mountedRoutes);
    // Those below /.well-known are Backstage's own.
    expect(mounted.filter(route => route.includes(' /v1'))).toEqual(
      contract.operations
        .map(({ method, path }) => `${method} /v1${path}`)
        .sort(),
    );
  });

  it('name permissions that exist', () => {
    const names = innominatusPermissions.map(({ name }) => name);
    const withoutOne = contract.operations.filter(
      ({ operation }) => !names.includes(operation['x-permission'] ?? ''),
    );
    expect(withoutOne.map(({ path }) => path)).toEqual([
      '/version',
      '/resources/{id}/callback',
      '/locations/webhook',
    ]);
  });

  describe.each(
    contract.operations.map(
      item => [`${item.method} ${item.path}`, item] as const,
    ),
  )('%s', (_, declared) => {
    const { method, path } = declared;
    const verb = method === 'GET' ? 'get' : 'post';

    it('asks for credentials', async () => {
      const response = await api.anonymous[verb](fill(path));
      expect(response.status).toBe(401);
      expect(response.headers['content-type']).toContain('json');
    });

    it('refuses tokens that are not valid', async () => {
      for (const token of [
        mockCredentials.user.invalidHeader(),
        mockCredentials.service.invalidHeader(),
        'Bearer nonsense',
      ]) {
        const response = await api.anonymous[verb](fill(path)).set(
          'Authorization',
          token,
        );
        expect(response.status).toBe(401);
      }
    });
  });

  it('answer an unknown route as a problem', async () => {
    const response = await api.user('admin').get('/nowhere?x=1').expect(404);
    expect(contract.findingsOf('Problem', response.body)).toEqual([]);
    expect(response.body.detail).toBe(
      'There is no route GET /api/innominatus/v1/nowhere',
    );
  });
});
