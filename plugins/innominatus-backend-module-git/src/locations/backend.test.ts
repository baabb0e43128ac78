import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  JsonObject,
  readWorkflowDocuments,
} from '@innominatus/backstage-plugin-innominatus-common';
import innominatusPlugin from '../../dev/plugin';
import { GitServer } from '../__testUtils__/GitServer';
import module from '../index';

jest.setTimeout(120_000);

/** A backend does not close a database in memory by itself. */
const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

const provider = (version: string) => `apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: queues, version: ${version} }
spec:
  resourceTypes:
    - type: queue
      outputs: [{ name: url }]
      values: { url: https://queues.example }
`;

describe('a backend with a location of type git', () => {
  let server: GitServer;
  let cacheDirectory: string;

  beforeAll(async () => {
    server = await GitServer.start('bot:token');
    cacheDirectory = mkdtempSync(join(tmpdir(), 'git-backend-'));
  });
  afterAll(async () => {
    await server.stop();
    rmSync(cacheDirectory, { recursive: true, force: true });
  });

  it('uses what was pushed, and previews a branch', async () => {
    const { http, file } = server.create({
      'provider.yaml': provider('1.0.0'),
    });
    const backend = await startTestBackend({
      features: [
        innominatusPlugin,
        mockServices.database.factory({
          knex: await databases.init('SQLITE_3'),
        }),
        module,
        catalogServiceMock.factory({ entities: [] }),
        mockServices.rootConfig.factory({
          data: {
            innominatus: {
              git: { cacheDirectory },
              locations: [{ type: 'git', target: http, branch: 'main' }],
              stepTypes: {
                git: {
                  credentials: [
                    { host: server.host, username: 'bot', token: 'token' },
                  ],
                },
              },
            },
          },
        }),
      ],
    });
    const { port } = backend.server.address() as AddressInfo;
    const call = async (method: string, route: string, body?: object) => {
      const response = await fetch(
        `http://localhost:${port}/api/innominatus/v1${route}`,
        {
          method,
          headers: {
            Authorization: mockCredentials.user.header(),
            'Content-Type': 'application/json',
          },
          body: body && JSON.stringify(body),
        },
      );
      expect([response.status, route]).toEqual([200, route]);
      return response.json();
    };

    expect(await call('GET', '/providers/queues')).toMatchObject({
      version: '1.0.0',
      source: `${http}/provider.yaml`,
    });
    server.push(file, { 'provider.yaml': provider('1.1.0') });
    await call('POST', '/providers/refresh', {});
    expect(await call('GET', '/providers/queues')).toMatchObject({
      version: '1.1.0',
    });
    const [location] = (await call('GET', '/locations')).items;
    expect(location).toMatchObject({
      target: http,
      ref: 'main',
      revision: server.inspect(http, 'rev-parse', 'main').trim(),
      state: 'current',
    });

    server.inspect(http, 'branch', 'next', 'main');
    server.push(file, { 'provider.yaml': provider('1.2.0') });
    const impact = await call('POST', '/providers/impact', {
      location: http,
      ref: 'main',
    });
    expect(impact.definitions).toEqual([
      {
        kind: 'Provider',
        name: 'queues',
        change: 'changed',
        diff: expect.stringContaining('+  version: 1.2.0'),
        before: { version: '1.1.0' },
        after: { version: '1.2.0' },
      },
    ]);
    expect(await call('GET', '/providers/queues')).toMatchObject({
      version: '1.1.0',
    });
    const none = await call('POST', '/providers/impact', {
      location: http,
      ref: 'next',
    });
    expect(none.definitions).toEqual([]);

    // Broken now: what was good stays, and says so.
    server.push(file, { 'provider.yaml': provider('soon') });
    await call('POST', '/providers/refresh', {});
    expect(await call('GET', '/providers/queues')).toMatchObject({
      version: '1.1.0',
      state: 'lastGood',
      problems: [{ line: 3 }],
    });
  });

  it('is set up, and told of a push, as the page about providers says', async () => {
    const { http, file } = server.create({
      'queues/provider.yaml': provider('1.0.0'),
    });
    const page = readFileSync(
      resolve(__dirname, '../../../../docs/platform/writing-a-provider.md'),
      'utf8',
    );
    const block = /```yaml\n(innominatus:[^`]*type: git[^`]*)```/.exec(page);
    const secret = 'c2VjcmV0IG9mIHRoZSBwYWdlIGZvciB0aGUgdGVzdHM=';
    const [{ value }] = readWorkflowDocuments(
      block![1]
        .replace('${LOCATION_WEBHOOK_SECRET}', secret)
        .replace('https://git.example.com/platform/providers.git', http),
    );
    const { innominatus } = value as { innominatus: JsonObject };
    const backend = await startTestBackend({
      features: [
        innominatusPlugin,
        module,
        catalogServiceMock.factory({ entities: [] }),
        mockServices.rootConfig.factory({
          data: {
            innominatus: {
              ...innominatus,
              git: { cacheDirectory },
              stepTypes: {
                git: {
                  credentials: [
                    { host: server.host, username: 'bot', token: 'token' },
                  ],
                },
              },
            },
          },
        }),
      ],
    });
    const { port } = backend.server.address() as AddressInfo;
    const api = `http://localhost:${port}/api/innominatus/v1`;
    const headers = { Authorization: mockCredentials.user.header() };
    const version = async () =>
      (await (await fetch(`${api}/providers/queues`, { headers })).json())
        .version;
    expect(await version()).toBe('1.0.0');

    server.push(file, { 'queues/provider.yaml': provider('1.1.0') });
    const body = JSON.stringify({
      ref: 'refs/heads/main',
      repository: { clone_url: http },
    });
    const push = (key: string) =>
      fetch(`${api}/locations/webhook`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'X-Hub-Signature-256': `sha256=${createHmac('sha256', key)
            .update(body)
            .digest('hex')}`,
        },
        body,
      });
    expect((await push('another secret')).status).toBe(401);
    expect((await push(secret)).ok).toBe(true);
    const end = Date.now() + 60_000;
    while ((await version()) !== '1.1.0' && Date.now() < end) {
      await new Promise(wait => setTimeout(wait, 100));
    }
    expect(await version()).toBe('1.1.0');

    // The question before a merge.
    server.inspect(http, 'branch', 'my-branch', 'main');
    const question =
      /innominatus providers impact --location \S+\/queues --ref my-branch/;
    expect(page).toMatch(question);
    const impact = await fetch(`${api}/providers/impact`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ location: `${http}/queues`, ref: 'my-branch' }),
    });
    expect([impact.status, (await impact.json()).definitions]).toEqual([
      200,
      [],
    ]);
  });
});
