import { Knex } from 'knex';
import { PLATFORM, SCORE } from '../__testUtils__/platformFiles';
import { createTestPlatform } from '../__testUtils__/TestPlatform';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { shareParams } from './sharedParams';

jest.setTimeout(120_000);

const databases = createTestDatabases();

describe('shareParams', () => {
  const share = (
    application: string,
    declared: object,
    others: Record<string, object> = {},
    resolved: object = {},
  ) =>
    shareParams({
      application,
      declared: declared as {},
      owner: 'a',
      uses: Object.entries(others).map(([workload, params]) => ({
        workload,
        declared: params as {},
      })),
      resolved: resolved as {},
    });

  it('puts together what the applications declare, also in depth', () => {
    expect(
      share(
        'c',
        { size: 'small', backup: { keep: 3 } },
        {
          a: { backup: { at: '3:00' } },
          b: { tags: ['x'] },
        },
      ),
    ).toMatchObject({
      params: {
        size: 'small',
        backup: { keep: 3, at: '3:00' },
        tags: ['x'],
      },
      contradictions: [],
      followers: [],
    });
  });

  it('refuses another value than the application gives that the resource belongs to, and than others where that one is silent', () => {
    expect(
      share(
        'c',
        { size: 'large', tags: ['x', 'y'] },
        { a: { size: 'small' }, b: { size: 'large', tags: ['x'] } },
      ).contradictions,
    ).toEqual([
      {
        path: 'size',
        ours: 'large',
        theirs: 'small',
        users: ['a'],
        isOwners: true,
      },
      {
        path: 'tags',
        ours: ['x', 'y'],
        theirs: ['x'],
        users: ['b'],
        isOwners: false,
      },
    ]);
  });

  it('lets it change what all of them state, and says who has to follow', () => {
    expect(
      share('a', { size: 'large' }, { b: { size: 'small' }, c: {} }),
    ).toMatchObject({
      params: { size: 'large' },
      contradictions: [],
      followers: ['b'],
    });
    // Whoever agrees with it need not wait for the others.
    expect(
      share('c', { size: 'large' }, { a: { size: 'large' }, b: { size: 's' } })
        .contradictions,
    ).toEqual([]);
  });

  it('never fills placeholders of others with resources of its own', () => {
    const { params, runnable } = share(
      'b',
      {},
      { a: { host: '${resources.dns.host}', port: '${resources.dns.port}' } },
      { host: 'costs-5$.example' },
    );
    expect(params.host).toBe('${resources.dns.host}');
    expect(runnable).toEqual({ host: 'costs-5$$.example' });
  });
});

describe.each(databases.each())('params of shared resources on %s', id => {
  let knex: Knex;
  let platform: Awaited<ReturnType<typeof createTestPlatform>>;
  let files: Map<string, string>;

  const scoreOf = (name: string, size?: string) => {
    const shared = SCORE.replace('name: orders', `name: ${name}`).replace(
      'type: postgres',
      'type: postgres\n    id: main',
    );
    return size === undefined
      ? shared.replace('    params:\n      size: small\n', '')
      : shared.replace('size: small', `size: ${size}`);
  };
  const plan = async (name: string, size?: string) => {
    const { body } = await platform.api
      .post(`/applications/development/${name}/plans`)
      .send({ action: 'deploy', score: scoreOf(name, size) });
    return body;
  };
  const deploy = async (name: string, size?: string) => {
    const { run } = await platform.deploy(`development/${name}`, {
      action: 'deploy',
      score: scoreOf(name, size),
    });
    expect(run.failure).toBeUndefined();
  };
  const recorded = async () =>
    (
      await platform.resources.findLiving({
        environment: 'development',
        uid: 'postgres.default#main',
      })
    )?.resolvedParams;

  beforeEach(async () => {
    knex = await databases.init(id);
    files = new Map([['platform.yaml', PLATFORM]]);
    platform = await createTestPlatform({ knex, files });
  });
  afterEach(() => platform.stop());

  it('lets who says nothing of a param have what the others say', async () => {
    await deploy('orders', 'large');
    expect((await plan('billing')).resources[0].action).toBe('keep');
    await deploy('billing');
    await deploy('billing');
    expect(await recorded()).toEqual({ size: 'large' });
    // Who has not said anything may also be the one it belongs to.
    await deploy('orders');
    expect(await recorded()).toEqual({});
    await deploy('billing', 'small');
    expect(await recorded()).toEqual({ size: 'small' });
    expect((await plan('orders')).resources[0].action).toBe('keep');
  });

  it('lets a default of the provider change, and warns', async () => {
    await deploy('orders', 'small');
    await deploy('billing');
    files.set(
      'platform.yaml',
      PLATFORM.replace(
        'failWith: { type: string }',
        'failWith: { type: string }\n          backups: { type: boolean, default: true }',
      ),
    );
    await platform.registry.refresh();
    const planned = await plan('billing');
    expect(planned.resources[0]).toMatchObject({
      action: 'update',
      changes: [{ path: 'backups', after: true }],
    });
    expect(planned.warnings).toEqual([
      {
        code: 'SHARED_RESOURCE_CHANGED',
        message:
          'The shared resource "db" (postgres) changes for "orders" as well.',
        resource: 'db',
      },
    ]);
    await deploy('billing');
    expect(await recorded()).toEqual({ size: 'small', backups: true });
    expect((await plan('orders', 'small')).resources[0].action).toBe('keep');
  });

  it('asks for what the others say once, however many there are', async () => {
    for (const name of ['orders', 'billing', 'search']) {
      await deploy(name, 'small');
    }
    let count = 0;
    const seen = ({ sql }: { sql: string }) => {
      count += /^select .*declared|from .resource_users. where .*leaving/.test(
        sql,
      )
        ? 1
        : 0;
    };
    knex.on('query', seen);
    await plan('another', 'small');
    knex.removeListener('query', seen);
    expect(count).toBeLessThanOrEqual(2);
    expect(count).toBeGreaterThan(0);
  });
});
