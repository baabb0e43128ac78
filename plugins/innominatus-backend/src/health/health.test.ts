import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { Knex } from 'knex';
import { createTestPlatform } from '../__testUtils__/TestPlatform';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(120_000);

const databases = createTestDatabases();

const platform = (checks: Record<string, string>) => `
apiVersion: innominatus.dev/v1
kind: Environment
metadata: { name: development }
spec: { type: development }
---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: deploy-app, version: 1.0.0 }
spec:
  steps: [{ name: provision, type: resource-provisioning }]
---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: look }
spec:
  steps:
    - name: look
      type: simulate
      config: { outputs: { message: 'seen \${params.resource.name}' } }
  outputs: { message: '\${look.message}' }
---
apiVersion: innominatus.dev/v1
kind: Provider
metadata: { name: test, version: 1.0.0 }
spec:
  resourceTypes:
${Object.entries(checks)
  .map(
    ([type, check]) => `
    - type: ${type}
      outputs: [{ name: url }, { name: host }, { name: port }, { name: password, sensitive: true }]
      values: { url: '\${params.url}', host: '\${params.host}', port: '\${params.port}', password: hidden }
      healthCheck: ${check}`,
  )
  .join('')}
`;

const score = (resources: Record<string, object>) => `
apiVersion: score.dev/v1b1
metadata: { name: orders }
containers: { main: { image: 'registry.example/orders:1' } }
resources: ${JSON.stringify(resources)}
`;

describe.each(databases.each())('health checks on %s', id => {
  let knex: Knex;
  let server: Server;
  let port: number;
  let answer: {
    status: number;
    headers?: Record<string, string>;
    body?: string;
  };
  let platformStop: () => Promise<void>;

  beforeEach(async () => {
    knex = await databases.init(id);
    answer = { status: 200 };
    server = createServer((_request, response) => {
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body ?? 'ok');
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    ({ port } = server.address() as AddressInfo);
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => {
      server.close(resolve);
    });
    await platformStop();
  });

  const start = async (
    checks: Record<string, string>,
    options: { allowed?: boolean; resources?: Record<string, object> } = {},
  ) => {
    const test = await createTestPlatform({
      knex,
      files: new Map([['platform.yaml', platform(checks)]]),
      healthHosts: options.allowed === false ? [] : [`127.0.0.1:${port}`],
    });
    platformStop = test.stop;
    const params = {
      url: `http://127.0.0.1:${port}/health`,
      host: '127.0.0.1',
      port: String(port),
    };
    const { run } = await test.deploy('development/orders', {
      score: score(
        options.resources ??
          Object.fromEntries(
            Object.keys(checks).map(type => [type, { type, params }]),
          ),
      ),
    });
    expect(run.status).toBe('succeeded');
    const find = async (name: string) =>
      (await test.api.get(`/resources?filter[name]=${name}`)).body.items[0];
    const checkNow = async (name: string) =>
      test.api.post(`/resources/${(await find(name)).id}/health-check`);
    const dueNow = () =>
      knex('resources')
        .whereNotNull('health_due_at')
        .update({ health_due_at: 0 });
    return { ...test, find, checkNow, dueNow };
  };

  it('make a resource degraded after failures in a row, and active again', async () => {
    const test = await start({
      web: `{ type: http, failureThreshold: 2, successThreshold: 2, config: { url: '\${outputs.url}' } }`,
    });
    // Due as soon as it is active.
    expect(await test.health.checkDue()).toBe(1);
    expect(await test.health.checkDue()).toBe(0);
    const states: string[] = [];
    const look = async () => {
      await test.dueNow();
      await test.health.checkDue();
      states.push((await test.find('web')).state);
    };
    answer = { status: 503 };
    await look();
    answer = { status: 200 };
    await look();
    answer = { status: 503 };
    await look();
    await look();
    expect((await test.find('web')).error).toBe(
      `127.0.0.1:${port} answers 503.`,
    );
    const { body: sick } = await test.api.get(
      '/applications/development/orders',
    );
    expect(sick.health).toEqual({ status: 'degraded', degraded: 1, total: 1 });
    answer = { status: 200 };
    await look();
    await look();
    expect(states).toEqual(
      'active active active degraded degraded active'.split(' '),
    );
    const { body } = await test.api.get('/applications/development/orders');
    expect(body.health).toEqual({ status: 'healthy', degraded: 0, total: 1 });
    const resource = await test.find('web');
    const { body: transitions } = await test.api.get(
      `/resources/${resource.id}/transitions`,
    );
    expect(transitions.items.slice(-2)).toEqual([
      expect.objectContaining({
        from: 'active',
        to: 'degraded',
        by: 'innominatus',
        reason: `2 health checks in a row failed: 127.0.0.1:${port} answers 503.`,
      }),
      expect.objectContaining({
        from: 'degraded',
        to: 'active',
        reason: '2 health checks in a row succeeded',
      }),
    ]);
    const { body: history } = await test.api.get(
      `/resources/${resource.id}/health`,
    );
    expect(
      history.items.map((item: { status: string; checks: number }) => [
        item.status,
        item.checks,
      ]),
    ).toEqual([
      ['healthy', 2],
      ['unhealthy', 2],
      ['healthy', 1],
      ['unhealthy', 1],
      ['healthy', 1],
    ]);
    await knex('resource_health').update({ last_at: 1 });
    expect(await test.healthStore.deleteHistory({ ageMs: 1000 })).toBe(5);
  });

  it('are made once each, however many backends look', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `r${index}`);
    const test = await start(
      { web: `{ type: http, config: { url: '\${outputs.url}' } }` },
      {
        resources: Object.fromEntries(
          names.map(name => [
            name,
            {
              type: 'web',
              params: {
                url: `http://127.0.0.1:${port}/`,
                host: 'h',
                port: '1',
              },
            },
          ]),
        ),
      },
    );
    const counts = await Promise.all([
      test.health.checkDue(),
      test.health.checkDue(),
      test.health.checkDue(),
    ]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
    const rows = await knex('resource_health').select();
    expect(rows).toHaveLength(10);
  });

  it('cannot be led to where they are not allowed', async () => {
    const test = await start(
      {
        web: `{ type: http, config: { url: '\${params.target}' } }`,
        port: `{ type: tcp, config: { host: '\${params.target}', port: '${1}' } }`,
      },
      {
        allowed: false,
        resources: {
          // Named by an output, but an address of this machine.
          own: {
            type: 'web',
            params: {
              url: 'x',
              host: '127.0.0.1',
              port: '1',
              target: `http://127.0.0.1:${port}/`,
            },
          },
          name: {
            type: 'web',
            params: {
              url: 'x',
              host: 'localhost',
              port: '1',
              target: `http://localhost:${port}/`,
            },
          },
          mapped: {
            type: 'port',
            params: {
              url: 'x',
              host: '::ffff:169.254.169.254',
              port: '1',
              target: '::ffff:169.254.169.254',
            },
          },
          // Named by nothing but the Score spec.
          other: {
            type: 'web',
            params: {
              url: 'x',
              host: 'h',
              port: '1',
              target: 'http://10.1.2.3/',
            },
          },
        },
      },
    );
    for (const name of ['own', 'name', 'mapped', 'other']) {
      const { body } = await test.checkNow(name);
      expect([name, body.state, body.health.status]).toEqual([
        name,
        'active',
        'unknown',
      ]);
      expect(body.health.message).toContain('innominatus.health.allow');
    }
  });

  it('follow redirects on the same host only, and read no more than they need', async () => {
    const test = await start({
      web: `{ type: http, config: { url: '\${outputs.url}', bodyContains: fine } }`,
      strict: `{ type: http, config: { url: '\${outputs.url}', expectStatus: [302] } }`,
    });
    answer = { status: 302, headers: { location: 'http://10.0.0.1/' } };
    const away = await test.checkNow('web');
    expect(away.body.health.message).toBe(
      `127.0.0.1:${port} redirects to another host.`,
    );
    expect((await test.checkNow('strict')).body.health.status).toBe('healthy');
    answer = { status: 302, headers: { location: '/health' } };
    expect((await test.checkNow('web')).body.health.message).toContain(
      'too often',
    );
    answer = { status: 200, body: `${'x'.repeat(1_000_000)} fine` };
    expect((await test.checkNow('web')).body.health.status).toBe('unhealthy');
    answer = { status: 200, body: 'all is fine' };
    expect((await test.checkNow('web')).body.health.status).toBe('healthy');
  });

  it('open connections, run workflows, and say what they do not know', async () => {
    const test = await start({
      port: `{ type: tcp, config: { host: '\${outputs.host}', port: '\${outputs.port}' } }`,
      flow: `{ type: workflow, config: { workflow: look } }`,
      alien: `{ type: telepathy }`,
      leaky: `{ type: http, config: { url: 'http://\${outputs.password}/' } }`,
    });
    const healthOf = async (name: string) =>
      (await test.checkNow(name)).body.health;
    expect(await healthOf('port')).toMatchObject({
      status: 'healthy',
      message: `127.0.0.1:${port} accepts connections.`,
    });
    expect(await healthOf('flow')).toMatchObject({
      status: 'healthy',
      message: 'seen flow',
    });
    expect((await healthOf('alien')).message).toContain(
      'no health check of the type "telepathy". Known are: http, tcp, workflow',
    );
    expect((await healthOf('leaky')).message).toContain('names a secret');
    server.closeAllConnections();
    await new Promise(resolve => {
      server.close(resolve);
    });
    expect(await healthOf('port')).toMatchObject({
      status: 'unhealthy',
      message: `127.0.0.1:${port} accepts no connection: connection refused.`,
    });
    server.listen(port, '127.0.0.1');
  });

  it('give up after their time, and come to an end with the backend', async () => {
    server.removeAllListeners('request');
    const test = await start({
      web: `{ type: http, timeout: 1s, config: { url: '\${outputs.url}' } }`,
      slow: `{ type: http, timeout: 60s, config: { url: '\${outputs.url}' } }`,
    });
    expect((await test.checkNow('web')).body.health).toMatchObject({
      status: 'unhealthy',
      message: 'There was no answer within 1s.',
    });
    await test.dueNow();
    const round = test.health.checkDue();
    await new Promise(resolve => setTimeout(resolve, 100));
    const before = performance.now();
    await test.health.stop();
    await round;
    expect(performance.now() - before).toBeLessThan(5_000);
    // Nothing was said about what was not looked at to the end.
    expect((await test.find('slow')).health).toBeUndefined();
  });

  it('begin when a provider learns how, and end when it forgets', async () => {
    const files = new Map([
      [
        'platform.yaml',
        platform({ web: `{ type: http, config: { url: '\${outputs.url}' } }` }),
      ],
    ]);
    const without = platform({ web: 'X' }).replace('      healthCheck: X', '');
    const test = await createTestPlatform({
      knex,
      files: new Map([['platform.yaml', without]]),
    });
    platformStop = test.stop;
    const { run } = await test.deploy('development/orders', {
      score: score({
        web: { type: 'web', params: { url: 'http://h', host: 'h', port: '1' } },
      }),
    });
    expect(run.status).toBe('succeeded');
    const due = async () =>
      (await knex('resources').first('health_due_at')).health_due_at;
    expect(await due()).not.toBeNull();
    await test.health.checkDue();
    expect(await due()).toBeNull();
    const [{ id: resourceId }] = await knex('resources').select('id');
    const now = await test.api.post(`/resources/${resourceId}/health-check`);
    expect(now.status).toBe(409);
    await test.stop();

    const later = await createTestPlatform({ knex, files });
    platformStop = later.stop;
    await later.health.enroll();
    expect(await due()).not.toBeNull();
    files.set('platform.yaml', without);
    await later.registry.refresh();
    await later.health.checkDue();
    expect(await due()).toBeNull();
  });
});
