import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
// The whole way is tested here, which needs the plugin that the module is for.
// eslint-disable-next-line @backstage/no-mixed-plugin-imports
import innominatusPlugin from '@innominatus/backstage-plugin-innominatus-backend';
import {
  compileWorkflow,
  InnominatusClient,
  JsonObject,
  readWorkflowDocuments,
  Run,
} from '@innominatus/backstage-plugin-innominatus-common';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import module from './index';
import { commandSchema } from './schema';

jest.setTimeout(60_000);

/** A backend does not close a database in memory by itself. */
const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

const EXAMPLE = resolve(
  __dirname,
  '../../../examples/commands/check-repository.yaml',
);

const goldenPath = (steps: JsonObject[]) =>
  JSON.stringify({
    apiVersion: 'innominatus.dev/v1',
    kind: 'GoldenPath',
    metadata: {
      name: 'commands',
      title: 'Commands',
      description: 'Runs commands',
      owner: 'group:default/team',
    },
    spec: {
      parameters: {
        name: { type: 'string', default: '$(touch injected); ::set-output' },
      },
      steps,
    },
  });

describe('steps of type command', () => {
  let folder: string;
  let stop: () => Promise<void> = async () => {};

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'command-'));
  });

  afterEach(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** The plugin with the module, as it is installed. */
  async function runSteps(options: {
    steps: JsonObject[];
    programs?: string[];
  }): Promise<{ run: Run; log: string[] }> {
    await writeFile(join(folder, 'commands.yaml'), goldenPath(options.steps));
    const backend = await startTestBackend({
      features: [
        innominatusPlugin,
        mockServices.database.factory({
          knex: await databases.init('SQLITE_3'),
        }),
        module,
        mockServices.rootConfig.factory({
          data: {
            backend: { workingDirectory: folder },
            innominatus: {
              locations: [
                { type: 'file', target: join(folder, 'commands.yaml') },
              ],
              encryption: {
                keys: [
                  { id: 'test', secret: 'a key that is only for tests 123' },
                ],
              },
              ...(options.programs
                ? { runner: { local: { programs: options.programs } } }
                : {}),
            },
          },
        }),
        catalogServiceMock.factory({ entities: [] }),
      ],
    });
    stop = () => backend.stop();
    const client = new InnominatusClient({
      baseUrl: async () =>
        `http://localhost:${backend.server.port()}/api/innominatus`,
      fetch: (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set('authorization', mockCredentials.user.header());
        return fetch(input, { ...init, headers });
      },
    });
    const { id } = await client.runGoldenPath('commands', {
      parameters: {},
    });
    let run = await client.getRun(id);
    while (!run.endedAt) {
      await new Promise(done => setTimeout(done, 50));
      run = await client.getRun(id);
    }
    const { items } = await client.getRunLogs(id);
    return { run, log: items.map(line => line.text) };
  }

  it('run programs, hand values on and keep secrets', async () => {
    const { run, log } = await runSteps({
      programs: [process.execPath],
      steps: [
        {
          name: 'secret',
          type: 'simulate',
          config: {
            outputs: { token: 'the-canary-value' },
            sensitive: ['token'],
          },
        },
        {
          name: 'work',
          type: 'command',
          env: { TOKEN: '${steps.secret.outputs.token}', NUMBER: 7 },
          outputFile: 'result.json',
          config: {
            program: 'node',
            args: [
              '-e',
              `
                const { TOKEN, NUMBER } = process.env;
                console.log('token ' + TOKEN);
                console.log('argument ' + process.argv[1]);
                console.log('::set-output name=said::' + NUMBER);
                require('fs').writeFileSync(
                  'result.json',
                  JSON.stringify({ known: TOKEN === 'the-canary-value', list: [1, 2] }),
                );
                process.exit(2);
              `,
              '${params.name}',
            ],
            successExitCodes: [0, 2],
          },
        },
      ],
    });
    expect(run.failure).toBeUndefined();
    expect(run.steps[1].outputs).toEqual({
      exitCode: 2,
      said: '7',
      known: true,
      list: [1, 2],
    });
    expect(log).toContain('token ••••');
    expect(log).toContain('argument $(touch injected); ::set-output');
    const outputs = run.steps.map(step => step.outputs);
    expect(JSON.stringify({ outputs, log })).not.toContain('canary');
  });

  it('may run nothing as long as nothing is allowed', async () => {
    const { run } = await runSteps({
      steps: [{ name: 'work', type: 'command', config: { program: 'node' } }],
    });
    expect(run.failure?.error).toMatchObject({
      code: 'PROGRAM_NOT_ALLOWED',
      message: expect.stringContaining('innominatus.runner.local.programs'),
    });
  });

  it.each([
    [
      'a folder outside',
      { config: { program: 'node', cwd: '../..' } },
      'CWD_OUTSIDE',
    ],
    [
      'an output file outside',
      { config: { program: 'node' }, outputFile: '../../etc/passwd' },
      'OUTPUT_FILE_INVALID',
    ],
    [
      'an output file behind a link',
      {
        config: {
          program: 'node',
          args: ['-e', 'require("fs").symlinkSync("/etc/passwd", "out")'],
        },
        outputFile: 'out',
      },
      'OUTPUT_FILE_INVALID',
    ],
    [
      'code in a variable',
      { config: { program: 'node' }, env: { NODE_OPTIONS: '--require=/x' } },
      'ENVIRONMENT_REFUSED',
    ],
    [
      'another program',
      { config: { program: '/bin/sh', args: ['-c', 'id'] } },
      'PROGRAM_NOT_ALLOWED',
    ],
  ])('do not get %s', async (_what, step, code) => {
    const { run } = await runSteps({
      programs: [process.execPath],
      steps: [{ name: 'work', type: 'command', ...step }],
    });
    expect(run.failure?.error.code).toBe(code);
  });

  it('are shown in an example that has no problem', () => {
    const text = readFileSync(EXAMPLE, 'utf8');
    for (const { value } of readWorkflowDocuments(text, { file: EXAMPLE })) {
      const { definition, diagnostics } = compileWorkflow(value, {
        stepTypes: { command: { schema: commandSchema } },
      });
      expect(diagnostics).toEqual([]);
      expect(definition?.steps).toHaveLength(2);
    }
  });
});
