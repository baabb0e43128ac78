import { BackendFeature } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import { execFile, execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import {
  EXAMPLE_LOCATIONS,
  TestApi,
  exampleEntities,
  startTestApi,
} from '../__testUtils__/startTestApi';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(180_000);

const ROOT = path.resolve(__dirname, '../../../..');
const CLI = path.join(ROOT, 'packages/cli-module-innominatus');
const databases = createTestDatabases();

interface Block {
  language: string;
  file?: string;
  text: string;
}

/** The blocks of code of a page, in their order. */
function blocksOf(page: string): Block[] {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```(\w*)(?: file=(\S+))?\n([^]*?)^```$/gm)].map(
    ([, language, file, content]) => ({ language, file, text: content }),
  );
}

const blocks = blocksOf('docs/platform/writing-a-provider.md');

// Inside of the package, so that the code of the page finds its imports.
const cache = path.join(__dirname, '../../.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(path.join(cache, 'writing-a-provider-'));
for (const { file, text } of blocks) {
  if (file) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The tests of the page are tests here.
for (const { file } of blocks) {
  if (file?.endsWith('.test.ts')) {
    require(path.join(folder, file));
  }
}

describe('docs/platform/writing-a-provider.md', () => {
  let api: TestApi;
  let program: string;

  const run = async (command: string): Promise<string> => {
    const [name] = command.split(' ');
    const { port } = api.server.address() as AddressInfo;
    const { stdout, stderr } = await promisify(execFile)(
      'sh',
      [
        '-c',
        name === 'innominatus'
          ? `"$NODE" "$PROGRAM" ${command.slice(name.length)}`
          : command,
      ],
      {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          NODE: process.execPath,
          PROGRAM: program,
          XDG_CONFIG_HOME: folder,
          INNOMINATUS_URL: `http://localhost:${port}`,
          INNOMINATUS_TOKEN: mockCredentials.user.token('user:default/admin'),
        },
      },
    );
    return `${stdout}${stderr}`;
  };

  beforeAll(async () => {
    const config = parse(
      readFileSync(path.join(folder, 'app-config.local.yaml'), 'utf8'),
    );
    const { default: topics } = require(
      path.join(folder, 'code/topics.ts'),
    ) as {
      default: BackendFeature;
    };
    execFileSync(process.execPath, [
      path.join(CLI, 'scripts/bundle.mjs'),
      '--outdir',
      path.join(folder, 'dist'),
    ]);
    program = path.join(folder, 'dist/innominatus.cjs');
    api = await startTestApi({
      knex: await databases.initEmpty('SQLITE_3'),
      locations: [
        ...EXAMPLE_LOCATIONS,
        ...config.innominatus.locations.map(({ target }: { target: string }) =>
          path.resolve(folder, target),
        ),
      ],
      entities: exampleEntities(),
      features: [topics],
    });
  });

  it('is right in everything that it has people type', async () => {
    const said: Record<string, string> = {};
    const commands = blocks
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => text.trim().split('\n'));
    expect(commands.length).toBeGreaterThan(7);
    for (const command of commands) {
      said[command.split(' ').slice(0, 3).join(' ')] = await run(command);
    }
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

  it('brings the provider in code too', async () => {
    expect(await run('innominatus providers get topics')).toContain(
      'key (secret)',
    );
  });
});
