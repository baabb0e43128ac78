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

describe.each(databases.each())('what comes from outside, %s', databaseId => {
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

  it('sorts, fields and filters come from a fixed list', async () => {
    for (const route of [
      '/applications?sort=owner',
      '/applications?sort=__proto__',
      '/applications?fields=id,score',
      '/applications?fields=constructor',
      '/applications?filter[id]=x',
      '/applications?filter[constructor]=x',
      '/applications?filter[__proto__]=x',
      '/applications?filter[name][]=x',
      '/applications?filter.name=x',
      '/applications?limit=201',
      '/applications?limit=-1',
      '/applications?limit=1e2',
      '/applications?count=1',
      '/runs?sort=input',
      '/runs?fields=definition,input',
      '/runs?filter[definition]=x',
      '/runs?filter[status]=asleep',
      '/runs?limit=10&limit=20',
      `/runs?filter[application]=${'a,'.repeat(101)}`,
      '/resources?sort=params',
      '/resources?filter[outputs]=x',
      '/deployments?filter[work]=x',
      `/runs/${runId}?include=input`,
      `/runs/${runId}/logs?limit=5001`,
      `/runs/${runId}/logs?attempt=0`,
    ]) {
      const { status, body } = await get(route);
      expect([route, status, body.code]).toEqual([route, 400, 'BAD_REQUEST']);
    }
    const { body } = await get("/applications?filter[name]=x' or '1'='1");
    expect(body.items).toEqual([]);
  });

  it('names the parameters that are known', async () => {
    const { body } = await get('/golden-paths?category=database').expect(400);
    expect(body.detail).toContain('"filter[category]"');
  });

  it('keys of prototypes do nothing', async () => {
    const polluted =
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    const score = JSON.stringify(scoreOf('orders'));
    for (const [route, body] of [
      ['/applications/development/orders/plans', polluted],
      [
        '/applications/development/orders/plans',
        `{"score":${score},"overrides":${polluted}}`,
      ],
      [
        '/applications/development/orders/plans',
        `{"score":${score},"overrideProperties":["__proto__.polluted=true","metadata.__proto__.polluted=true","constructor.prototype.polluted=true"]}`,
      ],
      [
        '/applications/development/orders/plans',
        `{"score":${score},"parameters":${polluted}}`,
      ],
      ['/golden-paths/say-hello/runs', `{"parameters":${polluted}}`],
      [`/runs/${runId}/cancel`, polluted],
      [
        '/score/validate',
        JSON.stringify({
          score: `${scoreOf('orders')}__proto__: { polluted: true }\n`,
        }),
      ],
    ]) {
      const { status } = await post(route, body);
      expect([route, status < 500]).toEqual([route, true]);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('bombs of aliases and of patterns do not hold the backend up', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...'bcdefghij'
        .split('')
        .map(
          (name, index) =>
            `${name}: &${name} [${Array(10)
              .fill(`*${'abcdefghij'[index]}`)
              .join(',')}]`,
        ),
    ].join('\n');
    const began = performance.now();
    for (const score of [
      bomb,
      `${scoreOf('orders')}x-y: ${'a-'.repeat(50_000)}!\n`,
      scoreOf(`${'a-'.repeat(20_000)}!`),
      `${scoreOf('orders')}x: "${'${'.repeat(100_000)}"\n`,
      '? '.repeat(50_000),
      '- '.repeat(50_000),
      '{'.repeat(100_000),
    ]) {
      const { status } = await post('/score/validate', { score });
      expect(status).toBe(200);
    }
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('bodies that are no objects are refused', async () => {
    for (const body of ['[]', '"x"', '1', 'null', '{', '']) {
      for (const route of [
        '/score/validate',
        '/golden-paths/say-hello/runs',
        '/applications/development/orders/plans',
      ]) {
        const { status } = await post(route, body);
        expect([route, body, status < 500]).toEqual([route, body, true]);
      }
      const { status } = await post(`/runs/${runId}/cancel`, body);
      expect([body, status < 500]).toEqual([body, true]);
    }
  });
});
