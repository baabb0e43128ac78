import { InnominatusClient } from '@innominatus/backstage-plugin-innominatus-common';
import { startRun } from './startRun';

const PROBLEM = {
  code: 'DEPLOYMENT_WITHOUT_RUN',
  detail:
    'Deployment 3 of "production/orders" was made and waits for approval.',
  deploymentId: 'deployment-1',
};

/** A deployment that has no run before it was looked at so many times. */
function backend(options: { looks: number; ended?: boolean }) {
  const calls: string[] = [];
  let looks = 0;
  const answers: Record<string, () => [number, object]> = {
    'POST /golden-paths/deploy-app/runs': () =>
      looks < options.looks
        ? [409, PROBLEM]
        : [202, { id: 'run-1', number: 7 }],
    'GET /deployments/deployment-1': () => {
      looks += 1;
      return [
        200,
        {
          id: 'deployment-1',
          number: 3,
          planHash: 'x',
          waiting: { message: 'Waits for 1 of group:default/ops' },
          ...(options.ended && { endedAt: '2030-01-01T00:00:00Z' }),
        },
      ];
    },
    'POST /deployments/deployment-1/cancel': () => [200, {}],
  };
  const client = new InnominatusClient({
    baseUrl: async () => 'http://backend/api/innominatus',
    fetch: async (input, init) => {
      const path = new URL(String(input)).pathname;
      const call = `${init?.method ?? 'GET'} ${path.replace('/api/innominatus/v1', '')}`;
      calls.push(call);
      const [status, body] = answers[call]();
      return Response.json(body, { status });
    },
  });
  const lines: string[] = [];
  const start = (more: { wait?: boolean; signal?: AbortSignal } = {}) =>
    startRun({
      client,
      goldenPath: 'deploy-app',
      request: { environment: 'production' },
      idempotencyKey: 'once',
      signal: new AbortController().signal,
      log: line => lines.push(line),
      wait: true,
      askAgainMs: 1,
      ...more,
    });
  return { calls, lines, start };
}

describe('starting a golden path', () => {
  it('waits for the people who have to agree, and says so once', async () => {
    const { start, lines } = backend({ looks: 3 });
    expect(await start()).toMatchObject({ id: 'run-1', number: 7 });
    expect(lines).toEqual([
      'Deployment 3 waits for approval: Waits for 1 of group:default/ops',
    ]);
  });

  it('answers the deployment when it shall not wait', async () => {
    const { start, lines } = backend({ looks: 3 });
    expect(await start({ wait: false })).toMatchObject({ id: 'deployment-1' });
    expect(lines).toEqual([]);
  });

  it('fails when people rejected it', async () => {
    const { start } = backend({ looks: 9, ended: true });
    await expect(start()).rejects.toThrow(PROBLEM.detail);
  });

  it('withdraws the deployment when it is cancelled meanwhile', async () => {
    const { start, calls } = backend({ looks: 9 });
    const signal = AbortSignal.abort(new Error('Cancelled'));
    await expect(start({ signal })).rejects.toThrow('Cancelled');
    expect(calls).toContain('POST /deployments/deployment-1/cancel');
  });
});
