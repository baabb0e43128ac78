import { sendJson, sendProblem } from '../testing/FakeBackend';
import { signedIn, useCli } from '../testing/useCli';

jest.setTimeout(60_000);

const environment = (more: object = {}) => ({
  name: 'feature-login',
  type: 'ephemeral',
  order: 11,
  target: { type: 'simulate' },
  state: 'active',
  copyOf: { environment: 'development', branch: 'feature/login' },
  expiresAt: '2030-01-02T02:00:00.000Z',
  variables: { region: 'eu' },
  ...more,
});

describe('environments', () => {
  const { cli, backend } = useCli();

  const run = (...argv: string[]) =>
    cli.run(['environments', ...argv], {
      env: signedIn(backend),
    });
  const withVersion = (route: string, body: object) =>
    backend.on(route, (_, response) => {
      response.setHeader('etag', '"3"');
      sendJson(response, 200, body);
    });

  it('are shown with what holds there and until when', async () => {
    backend.on(
      'GET /v1/environments/feature-login',
      environment({
        rules: { deployers: ['owner'] },
        quotas: { applications: 3 },
        freezes: [
          {
            reason: 'Holidays',
            timezone: 'UTC',
            from: '2030-01-01',
            to: '2030-02-01',
          },
        ],
      }),
    );
    const { stdout } = await run('get', 'feature-login');
    for (const text of [
      'development, branch feature/login',
      '2030-01-02T02:00:00.000Z',
      'region=eu',
      'applications=3',
      '2030-01-01 to 2030-02-01 (UTC): Holidays',
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it('are made for a branch, and print their name for a pipeline', async () => {
    backend.on('POST /v1/environments', environment());
    const { stdout, code } = await run(
      ...['create', '--from', 'development', '--branch', 'feature/login'],
      ...['--ttl', '4h', '-o', 'name'],
    );
    expect({ stdout, code }).toEqual({ stdout: 'feature-login\n', code: 0 });
    expect(backend.seen('POST /v1/environments')[0].body).toEqual({
      ephemeral: { from: 'development', branch: 'feature/login', ttl: '4h' },
    });
  });

  it('are made from a file, which is checked before it is sent', async () => {
    backend.on('POST /v1/environments', environment({ name: 'qa' }));
    const good = await cli.write(
      'qa.yaml',
      'apiVersion: innominatus.dev/v1\nkind: Environment\nmetadata: { name: other }\nspec: { type: testing, concurrency: 2 }\n',
    );
    expect((await run('create', 'qa', '--file', good)).code).toBe(0);
    expect(backend.seen('POST /v1/environments')[0].body).toMatchObject({
      name: 'qa',
      type: 'testing',
      concurrency: 2,
    });
    const bad = await cli.write('bad.yaml', 'type: testing\nquota: {}\n');
    const refused = await run('create', 'qa', '--file', bad);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('"quota"');
    expect((await run('create', 'qa')).code).toBe(2);
    expect(backend.seen('POST /v1/environments')).toHaveLength(1);
  });

  it('are changed and removed in the version that was read', async () => {
    withVersion('GET /v1/environments/qa', environment({ name: 'qa' }));
    withVersion('PUT /v1/environments/qa', environment({ name: 'qa' }));
    backend
      .on('GET /v1/applications', { items: [{ name: 'orders' }] })
      .on(
        'DELETE /v1/environments/qa',
        environment({ name: 'qa', state: 'removing' }),
      );
    const file = await cli.write('qa.yaml', 'type: testing\n');
    expect((await run('update', 'qa', file)).code).toBe(0);
    const unsure = await run('delete', 'qa', '--no-input');
    expect(unsure.code).not.toBe(0);
    expect(unsure.stderr).toContain('orders');
    expect((await run('delete', 'qa', '--yes')).code).toBe(0);
    for (const verb of ['PUT', 'DELETE']) {
      const [{ headers }] = backend.seen(`${verb} /v1/environments/qa`);
      expect(headers['if-match']).toBe('"3"');
    }
  });

  it('ask nothing when they cannot be removed', async () => {
    const refused = { allowed: false, reason: 'It is defined in a file.' };
    backend.on(
      'GET /v1/environments/qa',
      environment({
        allowedActions: {
          update: refused,
          delete: refused,
          extend: refused,
          copy: refused,
        },
      }),
    );
    backend.on('DELETE /v1/environments/qa', (_, response) =>
      sendProblem(response, {
        status: 409,
        code: 'ENVIRONMENT_READ_ONLY',
        detail: 'It is defined in "environments.yaml".',
      }),
    );
    const { code, stderr } = await run('delete', 'qa', '--no-input');
    expect(code).toBe(8);
    expect(stderr).toContain('It is defined in "environments.yaml".');
    expect(stderr).not.toContain('This deletes');
  });

  it('live longer when that is asked for', async () => {
    backend.on(
      'POST /v1/environments/feature-login/extend',
      environment({ expiresAt: '2030-01-03T02:00:00.000Z' }),
    );
    const { stdout } = await run('extend', 'feature-login', '--by', '1d');
    expect(stdout).toContain('2030-01-03T02:00:00.000Z');
    expect((await run('extend', 'feature-login')).code).toBe(2);
  });

  it('that do not exist are an exit code of their own', async () => {
    backend.on('GET /v1/environments/no', (_, response) =>
      sendProblem(response, {
        status: 404,
        code: 'NOT_FOUND',
        detail: 'There is no environment "no"',
      }),
    );
    expect((await run('get', 'no')).code).toBe(5);
  });
});
