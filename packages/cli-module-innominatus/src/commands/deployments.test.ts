import {
  sampleApproval,
  sampleDeployment,
  samplePlan,
} from '../testing/samples';
import { useCli } from '../testing/useCli';

jest.setTimeout(60_000);

const ID = '0190a5b2-1c2d-7e3f-8a4b-5c6d7e8f9a0b';
const GET = `GET /v1/deployments/${ID}`;
const CANCEL = `POST /v1/deployments/${ID}/cancel`;

const waiting = sampleDeployment({
  id: ID,
  status: 'pending',
  runId: undefined,
  runNumber: undefined,
  planId: 'plan-1',
  approvalId: `plan~${ID}`,
});

const detailed = samplePlan({
  manifests: [
    {
      action: 'update',
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'orders',
      diff: '-  image: orders:1\n+  image: orders:2\n',
    },
  ],
  policies: [{ name: 'images', result: 'warn', message: 'A loose tag.' }],
});

describe('deployments and their plans', () => {
  const { backend, run } = useCli();

  it('shows one by its id: plan, run, and who passed a freeze window', async () => {
    backend.on(
      GET,
      sampleDeployment({
        id: ID,
        planId: 'plan-1',
        freezeOverride: { reason: 'Outage\u001b[2J', by: 'user:default/jane' },
      }),
    );
    const { code, stdout, stderr } = await run('deployments', 'get', ID);
    expect(code).toBe(0);
    expect(stdout).toContain('plan-1, hash hash-1');
    expect(stdout).toContain('said user:default/jane: Outage');
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toContain('innominatus plans get plan-1');
  });

  it('shows the last one of an application, and says when there is none', async () => {
    backend.on('GET /v1/deployments', { items: [waiting] }).on(GET, waiting);
    const line = ['deployments', 'get', 'development/orders'];
    const { stdout } = await run(...line, '-o', 'json');
    expect(JSON.parse(stdout).planId).toBe('plan-1');
    backend.on('GET /v1/deployments', { items: [] });
    const none = await run(...line);
    expect([none.code, none.stderr]).toEqual([
      5,
      expect.stringContaining('Nothing was deployed to development/orders'),
    ]);
  });

  it('lists them with their plans', async () => {
    backend.on('GET /v1/deployments', { items: [waiting] });
    const { stdout } = await run('deployments', 'list', '-o', 'wide');
    expect(stdout).toContain('plan-1');
  });

  it('shows a stored plan as "plan" would', async () => {
    backend.on('GET /v1/plans/plan-1', detailed);
    const short = await run('plans', 'get', 'plan-1', '--exit-code');
    expect(short.code).toBe(3);
    expect(short.stdout).toContain('Plan for development/orders');
    expect(short.stdout).toContain('postgres.default by simulator');
    const wide = await run('plans', 'get', 'plan-1', '-o', 'wide');
    expect(wide.stdout).toContain('+  image: orders:2');
  });

  it('shows who approves what they agree to', async () => {
    const id = `plan~${ID}`;
    backend
      .on(
        `GET /v1/approvals/${id}`,
        sampleApproval({
          id,
          kind: 'plan',
          run: undefined,
          step: undefined,
          deployment: { id: ID, number: 3, action: 'deploy' },
          plan: { id: 'plan-1', hash: 'hash-1' },
        }),
      )
      .on('GET /v1/plans/plan-1', detailed);
    const { code, stdout } = await run('approvals', 'get', id, '-o', 'wide');
    expect(code).toBe(0);
    expect(stdout).toContain('Approval of the plan of deployment 3');
    expect(stdout).toContain('+  image: orders:2');
    expect(stdout).toContain('warn images: A loose tag.');
  });

  it('withdraws one that waits, with the reason', async () => {
    backend
      .on('GET /v1/deployments', { items: [waiting] })
      .on(GET, waiting)
      .on(CANCEL, { ...waiting, status: 'cancelled' });
    const line = ['deployments', 'cancel', 'development/orders'];
    expect((await run(...line)).code).toBe(2);
    expect(backend.seen(CANCEL)).toEqual([]);
    const { code, stdout } = await run(
      ...line,
      ...['--reason', 'wrong image', '--yes'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('cancelled');
    expect(backend.seen(CANCEL)[0].body).toEqual({ reason: 'wrong image' });
  });

  it('says of one that has ended that nothing waits', async () => {
    backend.on(
      GET,
      sampleDeployment({ id: ID, status: 'succeeded', endedAt: '2030-01-01' }),
    );
    const { code, stderr } = await run('deployments', 'cancel', ID, '--yes');
    expect(code).toBe(8);
    expect(stderr).toContain('has ended: it is succeeded');
  });
});
