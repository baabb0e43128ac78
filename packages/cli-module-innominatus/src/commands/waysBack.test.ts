import { sendJson } from '../testing/FakeBackend';
import { sampleDeployment, samplePlan } from '../testing/samples';
import { useCli } from '../testing/useCli';

jest.setTimeout(60_000);

const PLANS = 'POST /v1/applications/development/orders/plans';
const DEPLOYMENTS = 'POST /v1/applications/development/orders/deployments';

describe('rollback, promote, undo and diff', () => {
  const { backend, run } = useCli();

  beforeEach(() => {
    backend
      .on(PLANS, samplePlan())
      .on(DEPLOYMENTS, (_, response) =>
        sendJson(response, 202, sampleDeployment()),
      );
  });

  it('rolls back to a deployment, exactly as the plan that was shown', async () => {
    const { code, stderr } = await run(
      ...['rollback', 'development/orders', '--to', '7', '--yes'],
    );
    expect(code).toBe(0);
    expect(stderr).toContain('Plan for development/orders');
    expect(backend.seen(PLANS)[0].body).toEqual({
      action: 'rollback',
      target: { deployment: 7 },
    });
    expect(backend.seen(DEPLOYMENTS)[0].body).toEqual({
      action: 'rollback',
      target: { deployment: 7 },
      planHash: 'hash-1',
    });
  });

  it('promotes between two environments, and asks for both', async () => {
    const { code } = await run(
      ...['promote', 'orders', '--from', 'staging', '--to', 'development'],
      '--yes',
    );
    expect(code).toBe(0);
    expect(backend.seen(DEPLOYMENTS)[0].body).toMatchObject({
      action: 'promote',
      from: 'staging',
    });
    const half = await run('promote', 'orders', '--from', 'staging');
    expect(half.code).toBe(2);
    expect(half.stderr).toContain('--to production');
  });

  it.each([
    ['rollback', ['rollback', 'development/orders']],
    [
      'promote',
      ['promote', 'orders', '--from', 'staging', '--to', 'development'],
    ],
    ['delete', ['delete', 'development/orders']],
    ['deprovision', ['deprovision', 'development/orders']],
    ['repair', ['apps', 'repair', 'development/orders']],
  ])('gives the reason to pass a freeze window: %s', async (action, line) => {
    const { code } = await run(
      ...line,
      ...['--override-freeze', 'Outage', '--yes'],
    );
    expect(code).toBe(0);
    expect(backend.seen(PLANS)[0].body).not.toHaveProperty('overrideFreeze');
    expect(backend.seen(DEPLOYMENTS)[0].body).toMatchObject({
      action,
      overrideFreeze: 'Outage',
    });
  });

  it('says how to pass a freeze window', async () => {
    backend.on(DEPLOYMENTS, (_, response) =>
      sendJson(response, 409, {
        title: 'Conflict',
        status: 409,
        code: 'ENVIRONMENT_FROZEN',
        detail: 'The environment "development" is frozen until tomorrow.',
      }),
    );
    const { code, stderr } = await run(
      ...['rollback', 'development/orders', '--yes'],
    );
    expect(code).toBe(8);
    expect(stderr).toContain('is frozen until tomorrow');
    expect(stderr).toContain('--override-freeze REASON');
  });

  it('starts nothing with --dry-run', async () => {
    const { code, stdout } = await run(
      ...['rollback', 'development/orders', '--dry-run', '-o', 'json'],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).hash).toBe('hash-1');
    expect(backend.seen(DEPLOYMENTS)).toEqual([]);
  });

  it('plans a repair as "apps repair --dry-run" does', async () => {
    const repair = ['development/orders', '--resource', 'db', '-o', 'json'];
    const planned = await run('plan', '--action', 'repair', ...repair);
    const dry = await run('apps', 'repair', '--dry-run', ...repair);
    expect(planned).toEqual(dry);
    expect(planned.code).toBe(0);
    expect(backend.seen(PLANS).map(({ body }) => body)).toEqual([
      { action: 'repair', resources: ['db'] },
      { action: 'repair', resources: ['db'] },
    ]);
    expect(backend.seen(DEPLOYMENTS)).toEqual([]);
    await run('plan', 'development/orders', '--action', 'repair');
    expect(backend.seen(PLANS)[2].body).toEqual({ action: 'repair' });
  });

  it('names single resources only for a repair', async () => {
    const { code, stderr } = await run(
      ...['plan', 'development/orders', '--resource', 'db'],
    );
    expect(code).toBe(2);
    expect(stderr).toContain('--action repair');
  });

  it('lists what a failed deployment left, and takes it back', async () => {
    backend.on('GET /v1/deployments', { items: [sampleDeployment()] }).on(
      'GET /v1/deployments/deployment-1',
      sampleDeployment({
        status: 'failed',
        recovery: {
          exists: [
            {
              id: 'r-1',
              uid: 'postgres.default#orders.db',
              name: 'db',
              type: 'postgres',
              state: 'failed',
              error: 'no space left',
              action: 'create',
            },
          ],
          resume: { allowed: true },
          undo: { allowed: true, request: { action: 'deprovision' } },
        },
      }),
    );
    const { code, stderr } = await run(
      ...['deployments', 'undo', 'development/orders', '--yes'],
      ...['--override-freeze', 'Half is there'],
    );
    expect(code).toBe(0);
    expect(stderr).toContain('db (postgres) failed: no space left');
    expect(stderr).toContain('innominatus runs retry 42');
    expect(backend.seen(DEPLOYMENTS)[0].body).toMatchObject({
      action: 'deprovision',
      overrideFreeze: 'Half is there',
    });
  });

  it('says that there is nothing to take back', async () => {
    backend
      .on('GET /v1/deployments', { items: [sampleDeployment()] })
      .on('GET /v1/deployments/deployment-1', sampleDeployment());
    const { code, stderr } = await run(
      ...['deployments', 'undo', 'development/orders', '--yes'],
    );
    expect(code).toBe(1);
    expect(stderr).toContain('nothing to take back');
  });

  it('shows what differs between two applications', async () => {
    backend.on('GET /v1/applications/staging/orders/diff', {
      from: { environment: 'staging', name: 'orders', revision: 2 },
      to: { environment: 'development', name: 'orders' },
      score: '@@ -1,1 +1,1 @@\n-a\n+b\u001b[2J',
      resources: [
        {
          name: 'db',
          type: 'postgres',
          action: 'update',
          changes: [{ path: 'size', before: 'small', after: 'large' }],
        },
      ],
      manifests: [],
    });
    const { code, stdout } = await run(
      ...['apps', 'diff', 'staging/orders', 'development/orders'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('From staging/orders (revision 2)');
    expect(stdout).toContain('size: "small" -> "large"');
    expect(stdout).not.toContain('\u001b');
    expect(
      backend
        .seen('GET /v1/applications/staging/orders/diff')[0]
        .query.get('with'),
    ).toBe('development/orders');
  });

  it('says that a deployment waits, and who decides about it', async () => {
    backend.on(DEPLOYMENTS, (_, response) =>
      sendJson(
        response,
        202,
        sampleDeployment({
          status: 'pending',
          runId: undefined,
          runNumber: undefined,
          approvalId: 'plan~deployment-1',
          waiting: { kind: 'approval', message: 'Waits until 1 approves' },
        }),
      ),
    );
    const { code, stderr } = await run(
      ...['rollback', 'development/orders', '--yes'],
    );
    expect(code).toBe(0);
    expect(stderr).toContain('waits for approval: Waits until 1 approves');
    expect(stderr).toContain('innominatus approve development/orders');
  });

  it.each([
    [
      'limit',
      'Approved, but cannot be carried out yet: It is full.',
      'deployments list',
    ],
    [
      'approval',
      'Waits until 1 of user:default/jane approves the plan',
      'approve',
    ],
  ] as const)(
    'says what a deployment without a run waits for: %s',
    async (kind, message, next) => {
      const held = sampleDeployment({
        status: 'pending',
        runId: undefined,
        runNumber: undefined,
        waiting: { kind, message, until: Date.parse('2030-01-02T00:00:00Z') },
      });
      backend.on('GET /v1/deployments', { items: [held] });
      const { code, stdout, stderr } = await run('why', 'development/orders');
      expect(code).toBe(0);
      expect(stdout).toContain('Deployment 3 of development/orders pending');
      expect(stdout).toContain(`It waits: ${message}`);
      expect(stderr).toContain(`innominatus ${next} development/orders`);
      const [{ query }] = backend.seen('GET /v1/deployments');
      expect(query.get('filter[status]')).toBe('pending');
      const wide = await run('deployments', 'list', '-o', 'wide');
      expect(wide.stdout).toContain(message);
    },
  );
});
