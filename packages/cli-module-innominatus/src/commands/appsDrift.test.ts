import type { ApplicationDrift } from '@innominatus/backstage-plugin-innominatus-common';
import { FakeBackend, sendJson } from '../testing/FakeBackend';
import { TestCli } from '../testing/TestCli';
import { sampleDeployment, samplePlan } from '../testing/samples';

jest.setTimeout(60_000);

const ROUTE = '/v1/applications/development/orders';
const DRIFT: ApplicationDrift = {
  status: 'missing',
  count: 2,
  resources: [
    {
      id: 'r1',
      uid: 'postgres.default#orders.db',
      name: 'db',
      type: 'postgres',
      status: 'drifted',
      since: '2030-01-01T00:00:00Z',
      checkedAt: '2030-01-01T00:00:00Z',
      version: 'v1',
      changes: [{ path: 'outputs.host', before: 'a', after: 'b' }],
    },
  ],
  manifests: {
    status: 'missing',
    checkedAt: '2030-01-01T00:00:00Z',
    version: 'v2',
    objects: [
      {
        status: 'missing',
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: 'orders',
      },
    ],
  },
  allowedActions: {
    check: { allowed: true },
    accept: { allowed: true },
    repair: { allowed: true },
  },
};

describe('apps drift and apps repair', () => {
  let cli: TestCli;
  let backend: FakeBackend;

  beforeAll(async () => {
    cli = await TestCli.create();
  });
  afterAll(() => cli.remove());

  beforeEach(async () => {
    backend = await FakeBackend.start();
    backend.on(`GET ${ROUTE}/drift`, DRIFT);
  });
  afterEach(() => backend.stop());

  const run = (...argv: string[]) =>
    cli.run(argv, {
      env: { INNOMINATUS_TOKEN: 'token', INNOMINATUS_URL: backend.url },
    });

  it('show from what to what, and can tell programs', async () => {
    const { code, stdout, stderr } = await run(
      ...['apps', 'drift', 'development/orders', '--exit-code'],
    );
    expect(code).toBe(3);
    expect(stdout).toContain('development/orders: 2 drifted');
    expect(stdout).toContain('outputs.host: "a" -> "b"');
    expect(stdout).toMatch(/missing +Deployment\/orders/);
    expect(stderr).toContain('innominatus apps repair development/orders');
  });

  it('look now when asked to', async () => {
    backend.on(`POST ${ROUTE}/drift/check`, {
      ...DRIFT,
      status: 'none',
      count: 0,
      resources: [],
      manifests: undefined,
    });
    const { code, stdout } = await run(
      ...['apps', 'drift', 'development/orders', '--check', '--exit-code'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('nobody looked yet, or nobody can');
    expect(backend.seen(`GET ${ROUTE}/drift`)).toEqual([]);
  });

  it('accept what was seen, with a reason', async () => {
    backend.on(`POST ${ROUTE}/drift/accept`, { ...DRIFT, count: 1 });
    const early = await run(
      ...['apps', 'drift', 'development/orders', '--accept', 'db'],
    );
    expect(early.code).toBe(2);
    expect(early.stderr).toContain('--reason "…"');
    const { code } = await run(
      ...['apps', 'drift', 'development/orders', '--accept', 'db'],
      ...['--reason', 'Moved by hand'],
    );
    expect(code).toBe(0);
    await run(
      ...['apps', 'drift', 'development/orders', '--accept-manifests'],
      ...['--reason', 'Scaled by hand'],
    );
    expect(
      backend.seen(`POST ${ROUTE}/drift/accept`).map(({ body }) => body),
    ).toEqual([
      { resource: 'db', version: 'v1', reason: 'Moved by hand' },
      { version: 'v2', reason: 'Scaled by hand' },
    ]);
    const other = await run(
      ...['apps', 'drift', 'development/orders', '--accept', 'cache'],
      ...['--reason', 'why'],
    );
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('"cache" has not drifted');
  });

  it('repair exactly as the plan that was shown', async () => {
    backend
      .on(`POST ${ROUTE}/plans`, samplePlan({ action: 'repair' }))
      .on(`POST ${ROUTE}/deployments`, (_, response) =>
        sendJson(response, 202, sampleDeployment({ action: 'repair' })),
      );
    const { code } = await run(
      ...['apps', 'repair', 'development/orders', '--resource', 'db', '--yes'],
    );
    expect(code).toBe(0);
    expect(backend.seen(`POST ${ROUTE}/deployments`)[0].body).toEqual({
      action: 'repair',
      resources: ['db'],
      planHash: 'hash-1',
    });
  });
});
