import { Impact } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { eventually } from '../__testUtils__/TestEngine';
import { createTestPlatform } from '../__testUtils__/TestPlatform';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const TABLES = [
  'applications',
  'application_revisions',
  'deployments',
  'plans',
  'resources',
  'workflow_runs',
];

describe.each(databases.each())('impact on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;

  const preview = async (
    text: string,
    subject: 'providers' | 'golden-paths' = 'providers',
    more: object = {},
  ): Promise<Impact> => {
    const { body, status } = await platform.api
      .post(`/${subject}/impact`)
      .send({
        location: 'memory',
        files: [{ name: 'platform.yaml', text }],
        ...more,
      });
    expect([status, body.detail]).toEqual([200, undefined]);
    return body;
  };

  // A table has no order of its own.
  const rows = async () =>
    Promise.all(
      TABLES.map(async table =>
        (await knex(table).select()).map(row => JSON.stringify(row)).sort(),
      ),
    );

  beforeAll(async () => {
    knex = await databases.init(id);
    platform = await createTestPlatform({
      knex,
      files: new Map([['platform.yaml', PLATFORM]]),
    });
    for (const name of ['orders', 'payments', 'search']) {
      await platform.deploy(`development/${name}`, {
        action: 'deploy',
        score: SCORE.replace('name: orders', `name: ${name}`),
      });
    }
    // What follows the end of a run is written a moment later.
    await eventually(
      async () =>
        !(await knex('workflow_runs').where({ end_handled: false }).first()),
    );
  });
  afterAll(() => platform.stop());

  it('is none when nothing is different', async () => {
    const before = await rows();
    await expect(preview(PLATFORM)).resolves.toEqual({
      definitions: [],
      problems: [],
      items: [],
      looked: 3,
    });
    expect(await rows()).toEqual(before);
  });

  it('says which operations and steps of which resources change', async () => {
    const before = await rows();
    const { items, definitions, problems } = await preview(
      PLATFORM.replace(
        'name: simulator, version: 1.0.0',
        'name: simulator, version: 1.1.0',
      ).replace(
        '- { name: drop, type',
        '- { name: backup, type: simulate }\n    - { name: drop, type',
      ),
    );
    expect(problems).toEqual([]);
    expect(definitions).toEqual([
      {
        kind: 'Provider',
        name: 'simulator',
        change: 'changed',
        before: { version: '1.0.0' },
        after: { version: '1.1.0' },
        diff: expect.stringContaining('-  version: 1.0.0\n+  version: 1.1.0'),
      },
      {
        kind: 'Workflow',
        name: 'drop-postgres',
        change: 'changed',
        before: {},
        after: {},
        diff: expect.stringContaining('+    - name: backup'),
      },
    ]);
    expect(items.map(item => item.name)).toEqual([
      'orders',
      'payments',
      'search',
    ]);
    const [db, ...others] = items[0].resources;
    expect(db).toMatchObject({
      name: 'db',
      type: 'postgres',
      effect: 'otherwise',
      before: { provider: 'simulator', version: '1.0.0' },
      after: { provider: 'simulator', version: '1.1.0' },
      params: [],
      operations: [
        {
          operation: 'delete',
          steps: { added: ['backup'], removed: [], changed: ['drop'] },
        },
      ],
    });
    expect(others.map(item => item.operations)).toEqual([[], []]);
    expect(await rows()).toEqual(before);
  });

  it('says which params change, and what could not be deployed any more', async () => {
    const { items } = await preview(
      PLATFORM.replace(
        'failWith: { type: string }',
        'failWith: { type: string }\n          backups: { type: boolean, default: true }',
      ).replace('enum: [small, large]', 'enum: [large]'),
    );
    const [db] = items[0].resources;
    expect(db.params).toEqual([{ path: 'backups', after: true }]);
    expect(db.effect).toBe('refused');
    expect(db.issues).toEqual([
      expect.objectContaining({
        code: 'RESOURCE_PARAMS_INVALID',
        line: 14,
        message: expect.stringContaining('must be one of "large"'),
      }),
    ]);
  });

  it('takes for the params of shared resources what a plan would', async () => {
    const score = (name: string, params: string) =>
      `apiVersion: score.dev/v1b1
metadata: { name: ${name} }
containers: { main: { image: 'registry.example/${name}:1' } }
resources: { db: { type: postgres, id: together, params: ${params} } }
`;
    for (const [name, params] of [
      ['first', '{ size: large }'],
      ['second', '{}'],
    ]) {
      await platform.deploy(`development/${name}`, {
        action: 'deploy',
        score: score(name, params),
      });
    }
    const { items } = await preview(
      PLATFORM.replace('enum: [small, large]', 'default: small'),
    );
    expect(
      items
        .filter(({ name }) => ['first', 'second', 'orders'].includes(name))
        .map(({ name, resources: [{ effect, params }] }) => [
          name,
          effect,
          params,
        ]),
    ).toEqual([
      ['first', 'otherwise', []],
      ['orders', 'otherwise', []],
      ['second', 'otherwise', []],
    ]);
    const added = await preview(
      PLATFORM.replace(
        'failWith: { type: string }',
        'failWith: { type: string }\n          backups: { type: boolean, default: true }',
      ),
    );
    expect(
      added.items
        .filter(({ name }) => ['first', 'second'].includes(name))
        .map(({ resources: [{ effect, params }] }) => [effect, params]),
    ).toEqual([
      ['update', [{ path: 'backups', after: true }]],
      ['update', [{ path: 'backups', after: true }]],
    ]);
    for (const name of ['second', 'first']) {
      await platform.deploy(`development/${name}`, { action: 'delete' });
    }
  });

  it('finds placeholders for outputs that would be gone, and types that nobody would offer', async () => {
    const lost = await preview(
      PLATFORM.replace(
        '- { name: host }\n        - { name: password',
        '- { name: address }\n        - { name: password',
      ).replace('host: ${create.host}', 'address: ${create.host}'),
    );
    expect(lost.items[0].resources[0]).toMatchObject({
      effect: 'refused',
      outputs: { added: ['address'], removed: ['host'] },
      issues: [{ code: 'RESOURCE_OUTPUT_UNKNOWN', line: 8 }],
    });
    const gone = await preview(PLATFORM.replace('type: dns', 'type: names'));
    expect(
      gone.items[0].resources.map(({ name, effect, issues }) => [
        name,
        effect,
        issues[0]?.code,
      ]),
    ).toEqual([['dns', 'refused', 'RESOURCE_TYPE_UNKNOWN']]);
  });

  it('says what is wrong with the other definitions', async () => {
    const { problems, items } = await preview(
      PLATFORM.replace(
        'create: { workflow: make-postgres }',
        'create: { workflow: gone }',
      ),
    );
    expect(problems).toEqual([
      expect.objectContaining({ code: 'PROVIDER_WORKFLOW_MISSING' }),
      expect.objectContaining({ code: 'PROVIDER_WORKFLOW_MISSING' }),
    ]);
    expect(items[0].resources).toHaveLength(3);
  });

  it('takes files in place of those with the same names only', async () => {
    const text = `apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: drop-postgres }
spec: { steps: [{ name: leave, type: simulate }] }
`;
    const { items } = await preview(text, 'providers', { location: undefined });
    expect(items[0].resources).toMatchObject([
      {
        name: 'db',
        operations: [
          {
            operation: 'delete',
            steps: { added: ['leave'], removed: ['drop'] },
          },
        ],
      },
    ]);
  });

  it('says what becomes of golden paths', async () => {
    const { items } = await preview(
      PLATFORM.replace(
        'name: deploy-app, version: 1.0.0',
        'name: deploy-app, version: 2.0.0',
      ).replace(
        'spec:\n  steps:\n    - { name: provision',
        'spec:\n  parameters: { ticket: { type: string, required: true } }\n  steps:\n    - { name: check, type: simulate }\n    - { name: provision',
      ),
      'golden-paths',
    );
    expect(items[0]).toMatchObject({
      name: 'orders',
      resources: [],
      goldenPath: {
        name: 'deploy-app',
        effect: 'refused',
        before: { version: '1.0.0' },
        after: { version: '2.0.0' },
        steps: { added: ['check'], removed: [] },
        parameters: { added: ['ticket'], removed: [], changed: [] },
        issues: [{ code: 'PARAMETER_NEEDED' }],
      },
    });
  });

  it('goes through all applications page by page, in as many statements for many', async () => {
    const text = PLATFORM.replace(
      'name: simulator, version: 1.0.0',
      'name: simulator, version: 1.1.0',
    );
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await preview(text, 'providers', { limit: 2, cursor });
      expect(page.looked).toBeLessThanOrEqual(2);
      names.push(...page.items.map(item => item.name));
      cursor = page.nextCursor;
    } while (cursor);
    expect(names).toEqual(['orders', 'payments', 'search']);
    const statements = async (limit: number) => {
      let count = 0;
      // The engine has something to ask as well.
      const seen = ({ sql }: { sql: string }) => {
        count += /applications|application_revisions|resources/.test(sql)
          ? 1
          : 0;
      };
      knex.on('query', seen);
      await preview(text, 'providers', { limit });
      knex.removeListener('query', seen);
      return count;
    };
    expect(await statements(1)).toBe(2);
    expect(await statements(3)).toBe(2);
  });

  it('refuses calls that do not say what is meant', async () => {
    for (const [body, status] of [
      [{}, 400],
      [{ ref: 'main' }, 400],
      [{ ref: 'main', location: 'memory' }, 400],
      [{ ref: 'main', location: 'gone' }, 404],
      [{ files: [{ name: 'a', text: '' }], ref: 'main' }, 400],
      [{ files: [], limit: 0 }, 400],
    ] as const) {
      const response = await platform.api.post('/providers/impact').send(body);
      expect([body, response.status]).toEqual([body, status]);
    }
  });
});
