import { useCli } from '../testing/useCli';

jest.setTimeout(60_000);

const ID = '01931f00-0000-7000-8000-000000000001';

const resource = (more: object = {}) => ({
  id: ID,
  uid: 'postgres.default#orders.db',
  name: 'db',
  type: 'postgres',
  class: 'default',
  environment: 'development',
  workload: 'orders',
  shared: false,
  management: 'native',
  state: 'active',
  params: {},
  outputs: { host: 'db.internal', password: '••••' },
  hints: [],
  createdAt: '2030-01-01T00:00:00.000Z',
  updatedAt: '2030-01-01T00:00:00.000Z',
  ...more,
});

describe('resources', () => {
  const { backend, run } = useCli();

  it('reveal prints the bare secret and hands the reason on', async () => {
    backend.on('GET /v1/resources', { items: [resource()] });
    backend.on(`POST /v1/resources/${ID}/reveal`, {
      output: 'password',
      value: 's3cr3t',
      revealedAt: '2030-01-01T00:00:00.000Z',
    });
    const { code, stdout } = await run(
      ...['resources', 'reveal', 'development/orders/db', 'password'],
      ...['--reason', 'Look at the migration'],
    );
    expect([code, stdout]).toEqual([0, 's3cr3t\n']);
    const [{ query }] = backend.seen('GET /v1/resources');
    expect(query.get('filter[environment]')).toBe('development');
    expect(query.get('filter[workload]')).toBe('orders');
    expect(query.get('filter[name]')).toBe('db');
    const [{ body }] = backend.seen(`POST /v1/resources/${ID}/reveal`);
    expect(body).toEqual({
      output: 'password',
      reason: 'Look at the migration',
    });
  });

  it('list says who makes them, and asks only for those of one kind', async () => {
    backend.on('GET /v1/resources', {
      items: [resource({ management: 'delegated' })],
    });
    const { code, stdout } = await run(
      ...['resources', 'list', '--management', 'delegated'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/MANAGEMENT/);
    expect(stdout).toMatch(/db .* delegated/);
    const [{ query }] = backend.seen('GET /v1/resources');
    expect(query.get('filter[management]')).toBe('delegated');
    const { code: wrong, stderr } = await run(
      ...['resources', 'list', '--management', 'magic'],
    );
    expect(wrong).toBe(2);
    expect(stderr).toContain('native, delegated, external');
  });

  it('get says in words who makes one', async () => {
    backend.on(`GET /v1/resources/${ID}`, resource({ management: 'external' }));
    const { stdout } = await run('resources', 'get', ID);
    expect(stdout).toContain('managed   external, was there already');
  });

  it('reveal wants a reason before anything is asked of the backend', async () => {
    const { code, stderr } = await run('resources', 'reveal', 'db', 'password');
    expect(code).toBe(2);
    expect(stderr).toContain('--reason "…"');
    expect(backend.seen('GET /v1/resources')).toEqual([]);
  });

  it('transitions say when, what, who and why', async () => {
    backend.on(`GET /v1/resources/${ID}`, resource());
    backend.on(`GET /v1/resources/${ID}/transitions`, {
      items: [
        {
          from: 'requested',
          to: 'provisioning',
          reason: 'Deployment 1 of orders',
          by: 'user:default/jane',
          at: '2030-01-01T00:00:00.000Z',
        },
      ],
    });
    const { code, stdout } = await run('resources', 'transitions', ID);
    expect(code).toBe(0);
    expect(stdout).toMatch(/WHEN +FROM +TO +BY +REASON/);
    expect(stdout).toMatch(
      /requested +provisioning +user:default\/jane +Deployment 1 of orders/,
    );
  });

  it('health checks first when asked to, and lists what was said', async () => {
    backend.on('GET /v1/resources', { items: [resource()] });
    backend.on(`POST /v1/resources/${ID}/health-check`, { state: 'degraded' });
    backend.on(`GET /v1/resources/${ID}/health`, {
      items: [
        {
          status: 'unhealthy',
          message: 'db.internal:5432 accepts no connection',
          checks: 7,
          durationMs: 3,
          since: '2030-01-01T00:00:00.000Z',
          until: '2030-01-01T00:07:00.000Z',
        },
      ],
    });
    const { code, stdout, stderr } = await run(
      ...['resources', 'health', 'db', '--check'],
    );
    expect(code).toBe(0);
    expect(stderr).toContain('is degraded');
    expect(stdout).toMatch(/unhealthy +7 +db.internal:5432 accepts no/);
    expect(backend.seen(`POST /v1/resources/${ID}/health-check`)).toHaveLength(
      1,
    );
  });

  it('are found by uid, and by name only when it is the name of one', async () => {
    backend.on('GET /v1/resources', {
      items: [resource(), resource({ id: 'other', workload: 'billing' })],
    });
    const several = await run('resources', 'transitions', 'db');
    expect(several.code).toBe(2);
    expect(several.stderr).toContain(
      'development/orders/db, development/billing/db',
    );
    backend.on('GET /v1/resources', { items: [] });
    const none = await run(
      ...['resources', 'transitions', 'postgres.default#orders.db'],
    );
    expect(none.code).toBe(5);
    const [, { query }] = backend.seen('GET /v1/resources');
    expect(query.get('filter[uid]')).toBe('postgres.default#orders.db');
  });
});
