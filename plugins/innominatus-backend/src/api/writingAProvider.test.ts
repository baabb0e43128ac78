import { BackendFeature } from '@backstage/backend-plugin-api';
import { AddressInfo } from 'node:net';
import path from 'node:path';
import { DocumentedPage } from '../__testUtils__/DocumentedPage';
import {
  EXAMPLE_LOCATIONS,
  TestApi,
  exampleEntities,
  startTestApi,
} from '../__testUtils__/startTestApi';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(180_000);

const databases = createTestDatabases();
const page = DocumentedPage.read('docs/platform/writing-a-provider.md');
page.requireTests();

afterAll(() => page.remove());

describe('docs/platform/writing-a-provider.md', () => {
  let api: TestApi;
  const port = () => (api.server.address() as AddressInfo).port;

  beforeAll(async () => {
    const { default: topics } = require(
      path.join(page.folder, 'code/topics.ts'),
    ) as {
      default: BackendFeature;
    };
    page.build();
    api = await startTestApi({
      knex: await databases.initEmpty('SQLITE_3'),
      locations: [
        ...EXAMPLE_LOCATIONS,
        ...page.locations('app-config.local.yaml'),
      ],
      entities: exampleEntities(),
      features: [topics],
    });
  });

  it('is right in everything that it has people type', async () => {
    const typed = await page.typeAll(port());
    const said = Object.fromEntries(
      typed.map(({ command, output }) => [
        command.split(' ').slice(0, 3).join(' '),
        output,
      ]),
    );
    expect(typed.length).toBeGreaterThan(7);
    expect(said['innominatus providers test']).toContain(
      '4 of 4 operations succeeded',
    );
    expect(said['innominatus providers get']).toContain('token (secret)');
    expect(said['innominatus locations list']).toContain('platform');
    expect(said['innominatus resources list']).toMatch(/events .*active/);
    expect(said['innominatus providers impact']).toContain(
      'Provider queues 1.0.0 -> 1.1.0',
    );
    expect(said['innominatus providers impact']).toContain(
      'development/reports',
    );
  });

  it('leaves only what takes a server with repositories to other tests', () => {
    // See backend.test.ts of the module for Git.
    expect(page.unused).toEqual([
      expect.stringMatching(/type: git[^]*locationWebhook/),
      expect.stringContaining('providers impact --location https://'),
    ]);
  });

  it('brings the provider in code too', async () => {
    expect(
      await page.type('innominatus providers get topics', port()),
    ).toContain('key (secret)');
  });
});
