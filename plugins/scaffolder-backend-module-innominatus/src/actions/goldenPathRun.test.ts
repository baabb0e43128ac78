import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { InnominatusClient } from '@innominatus/backstage-plugin-innominatus-common';
import { parse } from 'yaml';
import { createGoldenPathRunAction } from './goldenPathRun';
import { examples } from './goldenPathRun.examples';

type Call = { method: string; path: string; body?: unknown; key?: string };

/** The API as far as the action uses it, over a real client. */
function backend(status: 'succeeded' | 'failed') {
  const calls: Call[] = [];
  const run = {
    id: 'run-1',
    number: 7,
    status,
    outputs: { url: 'https://x' },
    failure:
      status === 'failed'
        ? { step: 'create', error: { code: 'X', message: 'quota exceeded' } }
        : undefined,
  };
  const sse = (events: string) =>
    new Response(`${events}event: end\ndata: {}\n\n`, {
      headers: { 'content-type': 'text/event-stream' },
    });
  const client = new InnominatusClient({
    baseUrl: async () => 'http://backend/api/innominatus',
    fetch: async (input, init) => {
      const url = new URL(String(input));
      const path = url.pathname.replace('/api/innominatus/v1', '');
      calls.push({
        method: init?.method ?? 'GET',
        path,
        body: init?.body ? JSON.parse(String(init.body)) : undefined,
        key: new Headers(init?.headers).get('idempotency-key') ?? undefined,
      });
      if (path === '/runs/run-1/logs') {
        return sse(
          'id: 1\ndata: {"seq":1,"step":"create","text":"creating"}\n\n',
        );
      }
      if (path === '/runs/run-1/events') {
        return sse(
          'id: 2\nevent: run\ndata: {"status":"waiting","waiting":{"message":"run 6 is still going"}}\n\n',
        );
      }
      return new Response(JSON.stringify(run), { status: 200 });
    },
  });
  return { calls, client };
}

describe('innominatus:golden-path:run', () => {
  it('starts the run once per task and step, follows it and hands on its result', async () => {
    const { calls, client } = backend('succeeded');
    const action = createGoldenPathRunAction({
      appBaseUrl: 'http://portal/',
      createClient: () => client,
    });
    const context = createMockActionContext({
      input: {
        goldenPath: 'db-lifecycle',
        parameters: { database: 'orders', backup_retention: '' },
      },
    });
    const info = jest.spyOn(context.logger, 'info');
    await action.handler(context as never);

    expect(calls[0]).toMatchObject({
      method: 'POST',
      path: '/golden-paths/db-lifecycle/runs',
      body: { parameters: { database: 'orders' } },
      key: expect.stringMatching(/^scaffolder\//),
    });
    expect(context.output).toHaveBeenCalledWith(
      'runUrl',
      'http://portal/innominatus/runs/run-1',
    );
    expect(context.output).toHaveBeenCalledWith('status', 'succeeded');
    expect(context.output).toHaveBeenCalledWith('outputs', {
      url: 'https://x',
    });
    expect(info).toHaveBeenCalledWith('[create] creating');
    expect(info).toHaveBeenCalledWith('Waiting: run 6 is still going');
  });

  it('hands on what of the Score spec is changed, and the reason in a freeze', async () => {
    const { calls, client } = backend('succeeded');
    const action = createGoldenPathRunAction({
      appBaseUrl: 'http://portal',
      createClient: () => client,
    });
    const start = (input: object) =>
      action.handler(
        createMockActionContext({
          input: { goldenPath: 'deploy-app', wait: false, ...input },
        }) as never,
      );
    const changes = {
      image: 'web:2.0',
      overrides: { metadata: {} },
      overrideProperties: ['a.b=1'],
      overrideFreeze: 'The shop is down',
    };
    await start(changes);
    // Fields of a form that were left empty.
    await start({ image: '', overrideFreeze: '' });
    const bodies = calls
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => body);
    expect(bodies).toEqual([
      { parameters: {}, ...changes },
      { parameters: {} },
    ]);
  });

  it('fails with the first failing step when the run failed', async () => {
    const { client } = backend('failed');
    const action = createGoldenPathRunAction({
      appBaseUrl: 'http://portal',
      createClient: () => client,
    });
    const context = createMockActionContext({
      input: { goldenPath: 'db-lifecycle' },
    });
    await expect(action.handler(context as never)).rejects.toThrow(
      'Run 7 failed: step "create": quota exceeded',
    );
  });

  it('only starts the run when it shall not wait', async () => {
    const { calls, client } = backend('succeeded');
    const action = createGoldenPathRunAction({
      appBaseUrl: 'http://portal',
      createClient: () => client,
    });
    await action.handler(
      createMockActionContext({
        input: { goldenPath: 'db-lifecycle', wait: false },
      }) as never,
    );
    expect(calls.map(({ path }) => path)).toEqual([
      '/golden-paths/db-lifecycle/runs',
      '/runs/run-1',
    ]);
  });

  it('has examples that name the action and only known inputs', () => {
    const known = Object.keys(
      createGoldenPathRunAction({
        appBaseUrl: 'http://portal',
        createClient: () => backend('succeeded').client,
      }).schema?.input?.properties ?? {},
    );
    for (const { example } of examples) {
      const [step] = parse(example).steps;
      expect(step.action).toBe('innominatus:golden-path:run');
      expect(known).toEqual(expect.arrayContaining(Object.keys(step.input)));
    }
  });
});
