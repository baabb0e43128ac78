import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { FakeBackend, sendJson, sendProblem } from '../testing/FakeBackend';
import { TestCli } from '../testing/TestCli';
import { sampleToken } from '../testing/samples';

const GUEST = 'POST /api/auth/guest/refresh';

describe('signing in', () => {
  let cli: TestCli;
  let backend: FakeBackend;
  let issued: string[];

  beforeAll(async () => {
    cli = await TestCli.create();
  });
  afterAll(() => cli.remove());

  beforeEach(async () => {
    issued = [];
    backend = await FakeBackend.start();
    backend
      .on(GUEST, (_, response) => {
        const token = sampleToken({ id: String(issued.length) });
        issued.push(token);
        sendJson(response, 200, { backstageIdentity: { token } });
      })
      .on('GET /v1/runs', { items: [] })
      .on('GET /v1/version', { version: '9.9.9' });
  });
  afterEach(async () => {
    await backend.stop();
    await cli.run(['context', 'remove', '127.0.0.1']);
  });

  const login = () => cli.run(['login', '--url', backend.url]);
  const bearer = () =>
    backend.seen('GET /v1/runs').map(({ headers }) => headers.authorization);

  it('keeps the guest token in a file only its owner can read', async () => {
    const { code, stdout } = await login();
    expect(code).toBe(0);
    expect(stdout).toContain('as user:development/guest');
    expect((await stat(cli.configFile)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(cli.configFile))).mode & 0o777).toBe(0o700);
    expect(JSON.parse(await readFile(cli.configFile, 'utf8'))).toMatchObject({
      current: '127.0.0.1',
      contexts: [{ url: backend.url, kind: 'guest', token: issued[0] }],
    });
  });

  it('sends the saved token', async () => {
    await login();
    const { code } = await cli.run(['runs', 'list']);
    expect(code).toBe(0);
    expect(bearer()).toEqual([`Bearer ${issued[0]}`]);
  });

  it('renews the token of a guest before it ends', async () => {
    backend.on(GUEST, (_, response) => {
      const soon = Date.now() + (issued.length === 0 ? 10_000 : 3_600_000);
      issued.push(sampleToken({ expiresAt: soon }));
      sendJson(response, 200, { backstageIdentity: { token: issued.at(-1) } });
    });
    await login();
    const { code, stderr } = await cli.run(['runs', 'list', '-q']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.not.stringContaining('Error'),
    });
    expect(bearer()).toEqual([`Bearer ${issued[1]}`]);
    expect(await readFile(cli.configFile, 'utf8')).toContain(issued[1]);
  });

  it('renews the token of a guest when the backend does not know it any more', async () => {
    await login();
    backend.on('GET /v1/runs', (request, response) => {
      if (request.headers.authorization === `Bearer ${issued[0]}`) {
        sendProblem(response, {
          status: 401,
          code: 'SIGN_IN_NEEDED',
          detail: 'Invalid token',
        });
      } else {
        sendJson(response, 200, { items: [] });
      }
    });
    expect((await cli.run(['runs', 'list'])).code).toBe(0);
    expect(issued).toHaveLength(2);
  });

  it('prefers a token from stdin over the environment over the context', async () => {
    await login();
    const env = { INNOMINATUS_TOKEN: 'from-env' };
    await cli.run(['runs', 'list'], { env });
    await cli.run(['runs', 'list', '--token-stdin'], {
      env,
      stdin: 'from-stdin\n',
    });
    expect(bearer()).toEqual(['Bearer from-env', 'Bearer from-stdin']);
  });

  it('takes the address from INNOMINATUS_URL', async () => {
    const { code } = await cli.run(['runs', 'list'], {
      env: { INNOMINATUS_TOKEN: 'from-env', INNOMINATUS_URL: backend.url },
    });
    expect(code).toBe(0);
    expect(bearer()).toEqual(['Bearer from-env']);
  });

  it('never sends a saved token to another address', async () => {
    await login();
    const other = await FakeBackend.start();
    const { code, stderr } = await cli.run([
      'runs',
      'list',
      '--url',
      other.url,
    ]);
    await other.stop();
    expect(code).toBe(4);
    expect(stderr).toContain('innominatus login');
    expect(other.requests).toEqual([]);
  });

  it('ends with 4 and the next step when nobody is signed in', async () => {
    const { code, stdout, stderr } = await cli.run([
      'runs',
      'list',
      '--url',
      backend.url,
    ]);
    expect(code).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'Error: You are not signed in.\nSign in: innominatus login\n',
    );
  });

  it('shows the token in no output but that of auth token', async () => {
    const outputs = [
      await login(),
      await cli.run(['auth', 'status', '-o', 'json', '-v']),
      await cli.run(['context', 'list', '-o', 'json']),
      await cli.run(['runs', 'list', '-v']),
    ];
    const text = outputs.map(({ stdout, stderr }) => stdout + stderr).join();
    expect(text).not.toContain(issued[0]);
    expect((await cli.run(['auth', 'token'])).stdout).toBe(`${issued[0]}\n`);
  });

  it('says who is signed in and where', async () => {
    await login();
    const { code, stdout } = await cli.run(['whoami', '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      signedIn: true,
      url: backend.url,
      user: 'user:development/guest',
      source: 'context',
      serverVersion: '9.9.9',
    });
  });

  it('forgets the token on logout', async () => {
    await login();
    expect((await cli.run(['logout'])).code).toBe(0);
    expect(await readFile(cli.configFile, 'utf8')).not.toContain(issued[0]);
    expect((await cli.run(['runs', 'list'])).code).toBe(4);
  });

  it('says what to do when the portal lets no guests in', async () => {
    backend.on(GUEST, (_, response) => {
      sendProblem(response, { status: 403, code: 'X', detail: 'no guests' });
    });
    const { code, stderr } = await login();
    expect(code).toBe(4);
    expect(stderr).toContain('does not let guests in');
    expect(stderr).toContain('--token-stdin');
  });

  it('does not sign in as guest elsewhere without being told', async () => {
    const { code, stderr } = await cli.run([
      'login',
      '--url',
      'https://portal.example.com',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('--guest');
  });

  it('says in plain words that nothing listens there', async () => {
    const { url } = backend;
    await backend.stop();
    const { code, stderr } = await cli.run(['login', '--url', url]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `Cannot reach innominatus at ${url}: nothing listens there`,
    );
    expect(stderr).toContain('npm start');
    backend = await FakeBackend.start();
  });

  it('keeps several portals apart', async () => {
    const add = ['context', 'add', 'staging', '--url', 'https://s.example.com'];
    expect((await cli.run(add)).code).toBe(0);
    expect((await cli.run(add)).code).toBe(2);
    expect((await cli.run(['context', 'use', 'staging'])).code).toBe(0);
    const list = await cli.run(['context', 'list', '-o', 'json']);
    expect(JSON.parse(list.stdout).items).toEqual([
      { name: 'staging', current: true, url: 'https://s.example.com' },
    ]);
    const unknown = await cli.run(['context', 'use', 'production']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('Known: "staging"');
    expect((await cli.run(['context', 'remove', 'staging'])).code).toBe(0);
  });
});
