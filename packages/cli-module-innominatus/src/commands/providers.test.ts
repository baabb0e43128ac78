import { readFile } from 'node:fs/promises';
import { sendJson } from '../testing/FakeBackend';
import { useCli } from '../testing/useCli';

jest.setTimeout(60_000);

const PROBLEM = {
  severity: 'error',
  code: 'PROVIDER_SCHEMA_INVALID',
  message: 'The parameters are wrong.',
  pointer: '/spec',
  line: 8,
  column: 3,
  file: 'providers/queues.yaml',
  suggestions: [],
};

const provider = (more: object = {}) => ({
  name: 'queues',
  version: '1.2.0',
  owner: 'group:default/platform-team',
  compatibility: '>=0.1.0',
  source: 'providers/queues.yaml',
  state: 'active',
  resourceTypes: [
    {
      type: 'queue',
      class: 'large',
      aliases: ['message-queue'],
      management: 'delegated',
      environments: [],
      environmentTypes: ['staging'],
      targets: ['simulate'],
      parameters: { properties: { retention: { type: 'string' } } },
      outputs: [
        { name: 'url', sensitive: false },
        { name: 'token', sensitive: true },
      ],
      hints: [],
      operations: ['create', 'read'],
      workflows: { create: 'create-queue' },
    },
  ],
  problems: [],
  ...more,
});

describe('providers', () => {
  const { cli, backend, run } = useCli();

  it('are listed with what of them is in use', async () => {
    backend.on('GET /v1/providers', {
      items: [
        provider(),
        provider({
          name: 'old',
          state: 'lastGood',
          lastGoodAt: '2026-11-20T12:00:00.000Z',
          problems: [PROBLEM],
        }),
        provider({ name: 'bad', state: 'refused', problems: [PROBLEM] }),
      ],
    });
    const { stdout, stderr } = await run('providers', 'list');
    expect(stderr).toContain(
      'providers/queues.yaml:8:3: error PROVIDER_SCHEMA_INVALID',
    );
    expect(stdout).toMatch(/queues +1\.2\.0 +queue\.large +active/);
    expect(stdout).toMatch(/old .*last good version of 2026-11-20T12:00/);
    expect(stdout).toMatch(/bad .*refused/);
  });

  it('are shown with what they take and give, and what is wrong', async () => {
    backend.on(
      'GET /v1/providers/queues',
      provider({ state: 'lastGood', problems: [PROBLEM] }),
    );
    const { code, stdout, stderr } = await run('providers', 'get', 'queues');
    expect(code).toBe(0);
    expect(stdout).toContain('innominatus >=0.1.0');
    expect(stdout).toContain('type staging, target simulate');
    expect(stdout).toContain('url, token (secret)');
    expect(stdout).toContain('create (create-queue), read');
    expect(stdout).toContain('providers/queues.yaml:8:3');
    expect(stderr).toContain('innominatus providers refresh');
  });

  it('are read again on request', async () => {
    backend.on('POST /v1/providers/refresh', {
      providers: 2,
      goldenPaths: 9,
      environments: 3,
      problems: [PROBLEM],
    });
    const { code, stdout } = await run('providers', 'refresh');
    expect(code).toBe(0);
    expect(stdout).toContain('Providers 2, golden paths 9, environments 3');
    expect(stdout).toContain('providers/queues.yaml:8:3');
    const json = await run('providers', 'refresh', '-o', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ providers: 2 });
  });

  it('come from locations, which are shown with what went wrong', async () => {
    backend.on('GET /v1/locations', {
      items: [
        {
          target: 'https://git.example/platform.git',
          ref: 'main',
          revision: '0123456789abcdef',
          state: 'unreadable',
          cached: true,
          error: 'The server cannot be reached.',
          definitions: [
            { kind: 'Provider', name: 'a', state: 'active', problems: [] },
            { kind: 'Provider', name: 'b', state: 'refused', problems: [] },
          ],
        },
      ],
    });
    const { stdout } = await run('locations', 'list', '-o', 'wide');
    expect(stdout).toMatch(/platform\.git +main +012345678 /);
    expect(stdout).toContain('unreadable, a copy is in use');
    expect(stdout).toContain('The server cannot be reached.');
  });

  it('show what other files would change, through all pages', async () => {
    const impact = (name: string, nextCursor?: string) => ({
      definitions: [
        {
          kind: 'Provider',
          name: 'queues',
          change: 'changed',
          before: { version: '1.0.0' },
          after: { version: '2.0.0' },
          diff: '@@ -1,1 +1,1 @@\n-  version: 1.0.0\n+  version: 2.0.0',
        },
      ],
      problems: [],
      looked: 5,
      nextCursor,
      items: [
        {
          environment: 'staging',
          name,
          resources: [
            {
              name: 'events',
              uid: 'queue.default#events',
              type: 'queue',
              class: 'default',
              effect: 'update',
              before: { provider: 'queues', version: '1.0.0' },
              after: { provider: 'queues', version: '2.0.0' },
              params: [{ path: 'retention', after: '7d' }],
              operations: [
                {
                  operation: 'delete',
                  before: 'drop',
                  after: 'drop',
                  steps: { added: ['backup'], removed: [], changed: ['drop'] },
                },
              ],
              outputs: { added: [], removed: [] },
              also: ['parameters'],
              issues: [],
            },
          ],
        },
      ],
    });
    backend.on('POST /v1/providers/impact', (request, response) =>
      sendJson(
        response,
        200,
        request.body?.cursor ? impact('second') : impact('first', 'next'),
      ),
    );
    await cli.write('queues.yaml', 'kind: Provider');
    await cli.write('notes.txt', 'not sent');
    const { code, stdout } = await run(
      'providers',
      'impact',
      '.',
      '--exit-code',
    );
    expect(code).toBe(3);
    expect(stdout).toContain('  changed Provider queues 1.0.0 -> 2.0.0');
    expect(stdout).toContain('    +  version: 2.0.0\n');
    expect(stdout).toContain('    param retention: not set -> "7d"');
    expect(stdout).toContain('    delete drop +backup ~drop');
    expect(stdout).toContain('staging/second');
    expect(stdout).toContain('2 of 10 applications');
    const sent = backend.seen('POST /v1/providers/impact');
    expect(sent.map(({ body }) => body?.cursor)).toEqual([undefined, 'next']);
    expect(sent[0].body?.files).toEqual([
      { name: 'queues.yaml', text: 'kind: Provider' },
    ]);
  });

  it('of another branch are named by their location', async () => {
    backend.on('POST /v1/golden-paths/impact', {
      definitions: [],
      problems: [],
      items: [],
      looked: 3,
    });
    const where = ['--location', 'https://git.example/p.git', '--ref', 'x'];
    const json = await run('golden-paths', 'impact', ...where, '-o', 'json');
    expect([json.code, JSON.parse(json.stdout).looked]).toEqual([0, 3]);
    expect(backend.requests[0].body).toMatchObject({
      location: 'https://git.example/p.git',
      ref: 'x',
    });
    expect((await run('golden-paths', 'impact')).code).toBe(2);
    expect((await run('providers', 'impact', 'x', ...where)).code).toBe(2);
  });

  it('are tried out offline, each operation of each type', async () => {
    const file = await cli.write(
      'tried.yaml',
      `apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: queues, version: 1.0.0 }
spec:
  resourceTypes:
    - type: queue
      parameters:
        required: [size]
        properties: { size: { type: integer, minimum: 3 } }
      outputs: [{ name: url }]
      operations:
        create: { workflow: make }
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: make }
spec:
  steps:
    - { name: apply, type: terraform, config: { size: '\${params.size}' } }
    - { name: check, type: http, config: { url: '\${apply.url}' } }
  outputs: { url: '\${apply.url}' }
`,
    );
    const good = await run('providers', 'test', file);
    expect(good.stdout).toContain(
      'succeeded  queues/queue/create: apply, check',
    );
    expect(good.stdout).toContain('2 of 2 operations succeeded');
    expect(good.code).toBe(0);
    const bad = await cli.write(
      'tried.yaml',
      (await readFile(file, 'utf8')).replace(
        '${params.size}',
        '${params.sise}',
      ),
    );
    const failed = await run('providers', 'test', bad);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('The step "apply" failed');
    expect(failed.stdout).toContain('params.sise');
    expect(backend.requests).toEqual([]);
  });
});
