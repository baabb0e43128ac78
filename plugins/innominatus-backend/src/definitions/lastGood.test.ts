import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { DefinitionFile } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import {
  ENVIRONMENT,
  PROVIDER,
  WORKFLOW,
} from '../__testUtils__/smallDefinitions';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { StepTypeRegistry, simulateStepType } from '../stepTypes';
import { DatabaseLastGoodStore } from './DatabaseLastGoodStore';
import { DefinitionRegistry } from './DefinitionRegistry';
import { LastGoodDefinitions } from './LastGoodDefinitions';

jest.setTimeout(60_000);

const databases = createTestDatabases();

const POLICY = `apiVersion: innominatus.dev/v1
kind: Policy
metadata: { name: short }
spec: { limits: { steps: 40 } }
`;
const BROKEN_PROVIDER = PROVIDER.replace('version: 1.0.0', 'version: new');
const LACKING_WORKFLOW = WORKFLOW.replace(
  "outputs: { host: '${make.host}' }",
  'timeout: 1h',
);

describe.each(databases.each())('the last good version on %s', id => {
  let knex: Knex;
  let files: Map<string, string>;
  let isDown: boolean;
  const logger = mockServices.logger.mock();

  beforeEach(async () => {
    knex = await databases.init(id);
    files = new Map([
      ['a.yaml', [ENVIRONMENT, PROVIDER].join('---\n')],
      ['b.yaml', WORKFLOW],
    ]);
    isDown = false;
    jest.clearAllMocks();
  });

  const lastGoodOf = (maxBytes?: number) =>
    LastGoodDefinitions.create({
      store: DatabaseLastGoodStore.create(knex),
      logger,
      maxBytes,
    });

  /** A backend as it is after its start. */
  const start = async (
    options: {
      target?: string;
      maxBytes?: number;
      stepTypes?: StepTypeRegistry;
      read?: () => Promise<DefinitionFile[] | undefined>;
    } = {},
  ) => {
    const registry = DefinitionRegistry.create({
      logger,
      refreshMs: 60_000,
      stepTypes:
        options.stepTypes ?? StepTypeRegistry.create([simulateStepType]),
      lastGood: lastGoodOf(options.maxBytes),
      locations: [
        {
          target: options.target ?? 'platform',
          read:
            options.read ??
            (async () => {
              if (isDown) {
                throw new Error('The server does not answer.');
              }
              return [...files].map(([name, text]) => ({ name, text }));
            }),
        },
      ],
    });
    await registry.start();
    return registry;
  };

  const codes = (registry: DefinitionRegistry) =>
    registry
      .problems()
      .flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));

  it('stays in use when a backend starts with a broken file, and is named with its date', async () => {
    files.set('c.yaml', POLICY);
    const before = Date.now();
    await (await start()).stop();
    files.set('a.yaml', [ENVIRONMENT, BROKEN_PROVIDER].join('---\n'));
    files.set('c.yaml', 'kind: [');
    const registry = await start();
    expect(registry.provider('simulator')?.version).toBe('1.0.0');
    expect(registry.isLastGood('Provider', 'simulator')).toBe(true);
    const at = Date.parse(registry.lastGoodAt('Provider', 'simulator')!);
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now());
    expect(registry.isLastGood('Policy', 'short')).toBe(true);
    expect(registry.unreadablePolicies()).toEqual([]);
    expect(registry.lastGoodAt('Environment', 'development')).toBeUndefined();
    expect(codes(registry)).toHaveLength(2);
    // And with the one after it, for as long as the file is broken.
    const next = await start();
    expect(next.lastGoodAt('Provider', 'simulator')).toBe(
      registry.lastGoodAt('Provider', 'simulator'),
    );
    files.set('a.yaml', [ENVIRONMENT, PROVIDER].join('---\n'));
    await next.refresh();
    expect(next.isLastGood('Provider', 'simulator')).toBe(false);
  });

  it('is that of each definition, also where a file never was good as a whole', async () => {
    const first = await start();
    const renewed = PROVIDER.replace('1.0.0', '2.0.0');
    files.set(
      'a.yaml',
      [ENVIRONMENT.replace('spec:', 'spce:'), renewed].join('---\n'),
    );
    await first.refresh();
    files.set('a.yaml', 'kind: [');
    const registry = await start();
    expect(registry.provider('simulator')?.version).toBe('2.0.0');
    expect(registry.isLastGood('Environment', 'development')).toBe(true);
  });

  it('holds for what fits together no longer', async () => {
    await start();
    files.set('b.yaml', LACKING_WORKFLOW);
    const registry = await start();
    expect(registry.isLastGood('Provider', 'simulator')).toBe(true);
    expect(registry.isLastGood('Workflow', 'make')).toBe(true);
    expect(registry.workflow('make')?.definition.outputs).toHaveProperty(
      'host',
    );
    // What was read meanwhile did not take its place.
    expect((await start()).provider('simulator')).toBeDefined();
  });

  it('is in use while a location cannot be reached', async () => {
    await start();
    isDown = true;
    const registry = await start();
    expect(registry.provider('simulator')).toBeDefined();
    const [{ status }] = registry.locations();
    expect(status).toMatchObject({ state: 'unreadable', isCached: true });
    expect(registry.problems()[0].diagnostics[0].message).toBe(
      `The server does not answer. What was read on ${new Date(status.readAt!).toISOString()} stays in use.`,
    );
    isDown = false;
    await registry.refresh();
    expect(codes(registry)).toEqual([]);
    expect(registry.locations()[0].status.isCached).toBe(false);
  });

  it('does not bring back what was taken out of the files', async () => {
    const first = await start();
    files.delete('a.yaml');
    await first.refresh();
    files.set('b.yaml', 'kind: [');
    const registry = await start();
    expect(registry.workflow('make')).toBeDefined();
    expect(registry.providers()).toEqual([]);
    expect(registry.environments()).toEqual([]);
  });

  it('is not lost to a backend that cannot use it', async () => {
    await start();
    const broken = WORKFLOW.replace('type: simulate', 'type: simulat');
    files.set('b.yaml', broken);
    const other = await start({ stepTypes: StepTypeRegistry.create([]) });
    expect(other.workflow('make')).toBeUndefined();
    expect((await start()).isLastGood('Workflow', 'make')).toBe(true);
  });

  it('is written once for the same files, by however many backends', async () => {
    await Promise.all([start(), start(), start()]);
    const [row, ...more] = await knex('last_good_definitions');
    expect(more).toEqual([]);
    await knex('last_good_definitions').update({ updated_at: 1 });
    await start();
    expect(await knex('last_good_definitions')).toEqual([
      { ...row, updated_at: id.startsWith('SQLITE') ? 1 : '1' },
    ]);
  });

  it('goes with its location, and is bounded', async () => {
    await start({ target: 'elsewhere' });
    await start();
    expect(await knex('last_good_definitions').pluck('location')).toEqual([
      'platform',
    ]);
    const registry = await start({ maxBytes: 100 });
    files.set('b.yaml', `${WORKFLOW}# more`);
    await registry.refresh();
    expect(await knex('last_good_definitions')).toEqual([]);
    const said = logger.warn.mock.calls.filter(([message]) =>
      message.includes('of at most 100'),
    );
    expect(said).toHaveLength(1);
  });

  it('takes nothing away when the database does not answer, and is tried again', async () => {
    await knex.schema.renameTable('last_good_definitions', 'away');
    let reads = 0;
    const registry = await start({
      read: async () => {
        reads += 1;
        return reads > 1
          ? undefined
          : [...files].map(([name, text]) => ({ name, text }));
      },
    });
    expect(registry.providers()).toHaveLength(1);
    await knex.schema.renameTable('away', 'last_good_definitions');
    await registry.refresh();
    expect(await knex('last_good_definitions')).toHaveLength(1);
  });
});

it.each(databases.each())(
  '20261129010000_last_good_definitions.js keeps one row for each location on %s',
  async id => {
    const knex = await databases.initEmpty(id);
    const migration = {
      directory: resolvePackagePath(
        '@innominatus/backstage-plugin-innominatus-backend',
        'migrations',
      ),
      name: '20261129010000_last_good_definitions.js',
    };
    await knex.migrate.up(migration);
    const row = { id: 'a', location: 'l', hash: 'h', files: '[]' };
    await knex('last_good_definitions').insert({ ...row, updated_at: 1 });
    await expect(
      knex('last_good_definitions').insert({ ...row, updated_at: 2 }),
    ).rejects.toThrow(/unique/i);
    await knex.migrate.down(migration);
    expect(await knex.schema.hasTable('last_good_definitions')).toBe(false);
  },
);
