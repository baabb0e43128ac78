import { sendJson } from '../testing/FakeBackend';
import { sampleRun } from '../testing/samples';
import { useCli } from '../testing/useCli';

jest.setTimeout(60_000);

const schedule = (more: object = {}) => ({
  name: 'nightly',
  kind: 'GoldenPath',
  title: 'Every night',
  cron: '0 3 * * *',
  timezone: 'Europe/Zurich',
  parameters: { database: 'orders' },
  enabled: true,
  concurrencyPolicy: 'skip',
  startingDeadline: 'PT600S',
  nextTimes: ['2030-01-02T02:00:00.000Z', '2030-01-03T02:00:00.000Z'],
  last: {
    at: '2030-01-01T02:00:00.000Z',
    outcome: 'skipped',
    message: 'Run 42 was still in progress.',
  },
  lastRun: { id: 'run-1', number: 42, status: 'running' },
  allowedActions: {
    pause: { allowed: true },
    resume: { allowed: false },
    trigger: { allowed: true },
  },
  ...more,
});

describe('schedules', () => {
  const { backend, run } = useCli();

  it('are listed with their next time', async () => {
    backend.on('GET /v1/schedules', {
      items: [
        schedule(),
        schedule({ name: 'held', paused: { by: 'user:default/jane' } }),
        schedule({ name: 'off', enabled: false, nextTimes: [] }),
      ],
    });
    const { stdout } = await run('schedules', 'list');
    expect(stdout).toMatch(/^NAME +CRON +TIME ZONE +NEXT/);
    expect(stdout).toContain('2030-01-02T02:00:00.000Z');
    expect(stdout).toContain('42 running');
    expect(stdout).toContain('paused by user:default/jane');
    expect(stdout).toContain('switched off in its file');
    expect((await run('schedules', '-o', 'name')).stdout).toBe(
      'nightly\nheld\noff\n',
    );
  });

  it('are shown with what came of the last time', async () => {
    backend.on('GET /v1/schedules/nightly', schedule());
    const { stdout, stderr } = await run('schedules', 'get', 'nightly');
    expect(stdout).toContain('0 3 * * * (Europe/Zurich)');
    expect(stdout).toContain('database="orders"');
    expect(stdout).toContain('2030-01-03T02:00:00.000Z');
    expect(stdout).toContain('skipped: Run 42 was still in progress.');
    expect(stderr).toContain('innominatus runs get 42');
  });

  it.each(['pause', 'resume'])('can be told to %s', async verb => {
    backend.on(`POST /v1/schedules/nightly/${verb}`, schedule());
    const { code, stdout } = await run(
      ...['schedules', verb, 'nightly', '-o', 'name'],
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'nightly\n' });
  });

  it('start a run now, once for a key', async () => {
    backend.on('POST /v1/schedules/nightly/trigger', (_, response) =>
      sendJson(response, 202, sampleRun()),
    );
    const { code, stdout, stderr } = await run(
      ...['schedules', 'trigger', 'nightly', '--idempotency-key', 'k1'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Run 42');
    expect(stderr).toContain('innominatus runs watch 42');
    const [{ headers }] = backend.seen('POST /v1/schedules/nightly/trigger');
    expect(headers['idempotency-key']).toBe('k1');
  });

  it('leave the place in the queue to the application and its run', async () => {
    const waiting = {
      kind: 'lock' as const,
      message: 'Waits for run 41, which holds the lock; 3rd in the queue.',
      heldBy: 'run-0',
      position: 3,
    };
    backend
      .on('GET /v1/applications/development/orders', {
        environment: 'development',
        name: 'orders',
        status: 'pending',
        resources: [],
        lastDeployment: { runId: 'run-1', waiting },
      })
      .on('GET /v1/runs/42', sampleRun({ status: 'queued', waiting }));
    for (const call of [
      ['status', 'development/orders'],
      ['runs', 'get', '42'],
      ['why', '42'],
    ]) {
      expect((await run(...call)).stdout).toContain('3rd in the queue');
    }
  });

  it('and golden paths have a priority, which is checked before it is sent', async () => {
    backend
      .on('GET /v1/golden-paths/nightly', {
        name: 'nightly',
        parameters: [],
        needsApplication: false,
      })
      .on('POST /v1/golden-paths/nightly/runs', (_, response) =>
        sendJson(response, 202, sampleRun()),
      );
    for (const priority of ['low', '-7']) {
      await run('run', 'nightly', `--priority=${priority}`);
    }
    expect(
      backend
        .seen('POST /v1/golden-paths/nightly/runs')
        .map(({ body }) => body?.priority),
    ).toEqual([-50, -7]);
    const { code, stderr } = await run(
      ...['run', 'nightly', '--priority', 'urgent'],
    );
    expect(code).toBe(2);
    expect(stderr).toContain('-100 to 100, or low, normal or high');
  });
});
