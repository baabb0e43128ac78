import { TestApi, startTestApi } from '../__testUtils__/startTestApi';
import {
  ENTITIES,
  createPlatformDirectory,
  scoreOf,
} from '../__testUtils__/teams';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const locations = createPlatformDirectory();

const cursor = (...parts: unknown[]) =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

describe.each(databases.each())(
  'what no column and no stack holds, %s',
  databaseId => {
    let api: TestApi;
    let runId: string;

    const get = (route: string) => api.user('jane').get(route);
    const post = (route: string, body: object | string) =>
      api.user('jane').post(route, body);

    beforeAll(async () => {
      api = await startTestApi({
        knex: await databases.initEmpty(databaseId),
        locations,
        entities: ENTITIES,
      });
      const { body } = await post(
        '/applications/development/orders/deployments',
        { entityRef: 'component:default/orders' },
      ).expect(202);
      runId = body.runId;
      await api.waitForDeployment(body.id);
    });

    it.each([
      '/applications',
      '/deployments',
      '/runs',
      '/resources',
      '/environments',
      '/golden-paths',
      '/providers',
      '/schedules',
    ])('cursors of %s that were tampered with are refused', async route => {
      const { body: page } = await get(`${route}?limit=1`).expect(200);
      expect(page.items).toHaveLength(1);
      const [sort] =
        route === '/runs' || route === '/deployments'
          ? ['-createdAt']
          : [
              {
                '/applications': 'name',
                '/resources': '-updatedAt',
                '/environments': 'order',
              }[route] ?? 'name',
            ];
      for (const text of [
        'nonsense',
        '%00',
        cursor(sort),
        cursor(sort, 'x'),
        cursor(sort, 'x', 'y'),
        cursor(sort, "1' or '1'='1", "1' or '1'='1"),
        cursor(sort, 1e300),
        cursor(sort, 1e300, 'y'),
        cursor(sort, -1.5, 'y'),
        cursor(sort, '\u0000', '\u0000'),
        cursor(sort, '\u0000'),
        cursor(sort, null, 'x'),
        cursor('constructor', 1, 'x'),
        cursor('-name; drop table runs', 1, 'x'),
      ]) {
        const response = await get(`${route}?cursor=${text}`);
        expect([text, response.status]).toEqual([
          text,
          response.status === 200 ? 200 : 400,
        ]);
      }
    });

    it('numbers that no column holds find nothing', async () => {
      for (const route of [
        '/applications/development/orders/revisions?before=9007199254740991',
        `/runs/${runId}/logs?after=9007199254740991`,
        `/runs/${runId}/logs?after=2147483648`,
        '/runs/999999999',
        '/runs/9999999999',
        '/runs/2147483648',
      ]) {
        const { status } = await get(route);
        expect([route, status < 500]).toEqual([route, true]);
      }
      const { status } = await get(`/runs/${runId}/events`).set(
        'Last-Event-ID',
        '999999999999999',
      );
      expect(status).toBe(200);
      const logs = await get(`/runs/${runId}/logs`).set(
        'Last-Event-ID',
        '999999999999999',
      );
      expect(logs.status).toBeLessThan(500);
    });

    it('characters that no column holds find nothing', async () => {
      for (const route of [
        '/runs/%00',
        '/runs?filter[application]=%00',
        `/runs/${runId}/steps/%00`,
        `/runs/${runId}/logs?search=%00`,
        `/runs/${runId}/logs?step=%00`,
        '/applications/development/%00',
        '/applications/%00/orders',
        '/applications?filter[name]=%00',
        '/deployments/%00',
        '/deployments?filter[name]=a%00',
        '/plans/%00',
        '/resources/%00',
        '/resources?filter[type]=%00',
        '/golden-paths/%00',
        '/runs/%ff',
        '/runs/%',
      ]) {
        const { status } = await get(route);
        expect([route, status < 500]).toEqual([route, true]);
      }
    });

    it('names of objects and ways out of folders are only names', async () => {
      for (const name of [
        '__proto__',
        'constructor',
        'toString',
        '..%2f..%2f..%2fetc%2fpasswd',
        '%2e%2e',
        'orders%2f..%2forders',
        'orders%00',
        'ORDERS',
        'x'.repeat(5000),
      ]) {
        for (const route of [
          `/applications/development/${name}`,
          `/applications/${name}/orders`,
          `/environments/${name}`,
          `/golden-paths/${name}`,
          `/providers/${name}`,
          `/runs/${runId}/steps/${name}`,
        ]) {
          const { status } = await get(route);
          expect([route.slice(0, 80), status]).toEqual([
            route.slice(0, 80),
            name.endsWith('%00') && status === 400 ? 400 : 404,
          ]);
        }
        const { status } = await post(
          `/applications/development/${name}/plans`,
          {
            score: scoreOf('orders'),
          },
        );
        expect([400, 404, 422]).toContain(status);
      }
    });

    it('bodies that are too large or too deep are refused', async () => {
      const large = JSON.stringify({ score: 'x'.repeat(3 * 1024 * 1024) });
      const { body: problem } = await post('/score/validate', large).expect(
        413,
      );
      expect(problem.code).toBe('BODY_TOO_LARGE');
      await post(
        `/runs/${runId}/cancel`,
        JSON.stringify({ reason: 'x'.repeat(100_000) }),
      ).expect(413);
      const depth = 100_000;
      const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
      for (const [route, body] of [
        [
          '/applications/development/orders/plans',
          `{"parameters":{"a":${deep}}}`,
        ],
        [
          '/applications/development/orders/plans',
          `{"overrides":{"a":${deep}}}`,
        ],
        ['/golden-paths/say-hello/runs', `{"parameters":{"a":${deep}}}`],
        [`/runs/${runId}/cancel`, `{"reason":${deep}}`],
        ['/score/validate', JSON.stringify({ score: deep })],
      ]) {
        const response = await post(route, body);
        expect([route, response.status < 500 || response.text]).toEqual([
          route,
          true,
        ]);
      }
    });
  },
);
