import { Knex } from 'knex';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { API, TestApi, startTestApi } from '../__testUtils__/startTestApi';
import { OpenApiContract } from '../__testUtils__/OpenApiContract';
import { PLATFORM } from '../__testUtils__/platformFiles';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const contract = OpenApiContract.load();
const SECRET = 'a secret for webhooks';

describe('locations', () => {
  let knex: Knex;
  let api: TestApi;
  let folder: string;

  const push = (body: string, secret = SECRET) =>
    request(api.server)
      .post(`${API}/locations/webhook`)
      .set('Content-Type', 'application/json')
      .set(
        'X-Hub-Signature-256',
        `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      )
      .send(body);

  const versions = async () => {
    const { body } = await api.user('jane').get('/providers').expect(200);
    return body.items.map((item: { version: string }) => item.version);
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'innominatus-locations-'));
    writeFileSync(path.join(folder, 'all.yaml'), PLATFORM);
    knex = await databases.initEmpty('SQLITE_3');
    api = await startTestApi({
      knex,
      locations: [folder],
      config: { locationWebhook: { secrets: [SECRET] } },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are read again when a push is told of, and once for each push', async () => {
    writeFileSync(
      path.join(folder, 'all.yaml'),
      `${PLATFORM.replace('name: simulator, version: 1.0.0', 'name: simulator, version: 1.1.0')}# changed`,
    );
    const body = JSON.stringify({ after: '1' });
    const { body: first } = await push(body).expect(202);
    expect(first).toEqual({ repeated: false });
    while ((await versions())[0] !== '1.1.0') {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    const { body: second } = await push(body).expect(202);
    expect(second).toEqual({ repeated: true });
    expect(await knex('definition_refreshes')).toHaveLength(1);
    await push(
      JSON.stringify({
        repository: { clone_url: 'https://me:pass@git.example/a/b.git' },
      }),
    ).expect(202);
    expect(
      api.audits.map(({ eventId, outcome, meta }) => [eventId, outcome, meta]),
    ).toEqual([
      ['definitions-webhook', 'success', { repeated: false }],
      ['definitions-webhook', 'success', { repeated: true }],
      [
        'definitions-webhook',
        'success',
        { repeated: false, repositories: ['https://git.example/a/b.git'] },
      ],
    ]);
  });

  it('refuse what nobody signed, and those who try too often', async () => {
    const before = await knex('definition_refreshes');
    const { body } = await push('{}', 'another secret').expect(401);
    expect(body.code).toBe('SIGN_IN_NEEDED');
    expect(body.detail).not.toContain(SECRET);
    await request(api.server).post(`${API}/locations/webhook`).expect(401);
    for (let i = 0; i < 18; i++) {
      await push('{}', 'another secret').expect(401);
    }
    const refused = await push('{}', 'another secret').expect(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(await knex('definition_refreshes')).toEqual(before);
  });

  it('show what they hold and what of it is in use', async () => {
    writeFileSync(
      path.join(folder, 'all.yaml'),
      PLATFORM.replace(
        'name: simulator, version: 1.0.0',
        'name: simulator, version: newer',
      ),
    );
    writeFileSync(path.join(folder, 'more.yaml'), 'kind: [');
    const jane = api.user('jane');
    await jane.post('/providers/refresh').expect(200);
    const { body } = await jane.get('/locations?count=true').expect(200);
    expect(body.total).toBe(1);
    const [location] = body.items;
    expect(location).toMatchObject({
      target: folder,
      state: 'current',
      cached: false,
    });
    const states = location.definitions.map(
      (item: { kind?: string; name?: string; state: string }) =>
        `${item.kind} ${item.name} ${item.state}`,
    );
    expect(states).toEqual(
      expect.arrayContaining([
        'Environment development active',
        'Provider simulator lastGood',
        'Workflow make-postgres active',
        'undefined undefined refused',
      ]),
    );
    const { body: provider } = await jane.get('/providers/simulator');
    expect(provider).toMatchObject({ state: 'lastGood', version: '1.1.0' });
    expect(provider.problems[0].line).toBeGreaterThan(1);
  });

  it('are in use as they were by a backend that starts while they are broken', async () => {
    const { body: before } = await api.user('jane').get('/providers/simulator');
    const again = await startTestApi({ knex, locations: [folder] });
    const jane = again.user('jane');
    const { body: provider } = await jane.get('/providers/simulator');
    expect(provider).toMatchObject({
      ...{ state: 'lastGood', version: '1.1.0' },
      lastGoodAt: before.lastGoodAt,
    });
    expect(Date.parse(provider.lastGoodAt)).toBeLessThanOrEqual(Date.now());
    expect(contract.findingsOf('Provider', provider)).toEqual([]);
    const { body } = await jane.get('/locations').expect(200);
    expect(body.items[0].definitions).toContainEqual(
      expect.objectContaining({
        ...{ name: 'simulator', lastGoodAt: before.lastGoodAt },
      }),
    );
    await again.stop();
  });
});
