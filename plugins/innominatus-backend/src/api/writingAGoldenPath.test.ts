import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { readDefinitions } from '@innominatus/backstage-plugin-innominatus-common';
import { readFileSync } from 'node:fs';
import { AddressInfo } from 'node:net';
import path from 'node:path';
import { parse } from 'yaml';
import { DocumentedPage } from '../__testUtils__/DocumentedPage';
import {
  EXAMPLE_LOCATIONS,
  TestApi,
  startTestApi,
} from '../__testUtils__/startTestApi';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { readLocations } from '../definitions/readLocations';

jest.setTimeout(180_000);

const databases = createTestDatabases();
const page = DocumentedPage.read('docs/platform/writing-a-golden-path.md');
page.requireTests();

afterAll(() => page.remove());

const fileOf = (name: string) =>
  readFileSync(path.join(page.folder, name), 'utf8');

describe('docs/platform/writing-a-golden-path.md', () => {
  let api: TestApi;

  beforeAll(async () => {
    page.build();
    api = await startTestApi({
      knex: await databases.initEmpty('SQLITE_3'),
      locations: [
        ...EXAMPLE_LOCATIONS,
        ...page.locations('app-config.local.yaml'),
      ],
      groupOf: () => 'group:default/platform-team',
    });
  });

  it('uses everything that it shows', () => {
    expect(page.unused).toEqual([]);
  });

  it('is right in everything that it has people type', async () => {
    const { port } = api.server.address() as AddressInfo;
    const typed = await page.typeAll(port);
    const said = (part: string) =>
      typed
        .filter(({ command }) => command.includes(part))
        .map(({ output }) => output);

    const [sample, full] = said('golden-paths test');
    expect(sample).toMatch(/skipped +agree/);
    expect(full).toMatch(/succeeded +agree/);
    expect(full).toContain('1 of 1 golden paths succeeded');
    expect(said('golden-paths get')[0]).toContain(
      'keep (duration, default "2d", from 1h to 14d)',
    );
    const [first, second, refused, whileBroken] = said('golden-paths run');
    expect(first).toContain('succeeded');
    expect(second).toContain('3');
    expect(refused).toContain('The database "vault" may not be copied.');
    expect(whileBroken).toContain('succeeded');
    expect(said('approvals list')[0]).toContain('agree');
    expect(said('runs get')[0]).toContain('copy-of-orders.databases.example');
    expect(said('policy test')[0]).toMatch(/2 of 2|2 passed|2 cases/);
    const [good, broken, mended] = said('golden-paths list');
    expect(good).toMatch(/copy-database .*active/);
    expect(broken).toMatch(/copy-database .*last good version/);
    expect(broken).toMatch(/copy-database\.yaml:26:7: error/);
    expect(mended).toMatch(/copy-database .*active/);
    expect(mended).not.toContain('copy-database.yaml:');
    expect(said('golden-paths impact')[0]).toContain('copy-database');
  });

  it('names locations that can be read', async () => {
    const text = fileOf('platform/copy-database.yaml');
    const repositories: object[] = [];
    const [location] = readLocations({
      config: new ConfigReader(parse(fileOf('more-locations.yaml'))),
      urlReader: mockServices.urlReader.mock({
        readUrl: async () => ({ buffer: async () => Buffer.from(text) }),
      }),
      // The module for Git has tests of its own.
      locationTypes: [
        {
          type: 'git',
          create: ({ config }) => {
            repositories.push(config.get<object>());
            return { target: config.getString('target'), read: async () => [] };
          },
        },
      ],
      baseDirectory: page.folder,
      logger: mockServices.logger.mock(),
    });
    const [file] = (await location.read({})) ?? [];
    const { definitions, diagnostics } = readDefinitions(file.text);
    expect(diagnostics).toEqual([]);
    expect(definitions.goldenPaths[0].metadata.name).toBe('copy-database');
    expect(repositories).toEqual([
      expect.objectContaining({ tag: 'v1.0.0', path: 'golden-paths' }),
    ]);
  });
});
