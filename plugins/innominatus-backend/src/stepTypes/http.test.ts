import { mockServices } from '@backstage/backend-test-utils';
import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { createHostAllowList } from './hostAllowList';
import { createHttpStepType } from './http';

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

describe('the http step type', () => {
  let server: Server;
  let port: number;
  let answers: Answer[];
  let requests: Array<{ request: IncomingMessage; body: string }>;
  let lines: string[];

  beforeEach(async () => {
    answers = [];
    requests = [];
    lines = [];
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) {
        body += chunk;
      }
      requests.push({ request, body });
      const answer = answers.shift() ?? {};
      response.writeHead(answer.status ?? 200, answer.headers);
      response.end(answer.body);
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    port = (server.address() as AddressInfo).port;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function run(config: object, allow: string[] = [`127.0.0.1:${port}`]) {
    const stepType = createHttpStepType({
      config: mockServices.rootConfig({
        data: { innominatus: { stepTypes: { http: { allow } } } },
      }),
    });
    const write = (line: string) => lines.push(line);
    return stepType.run({
      config: stepType.schema.parse(config),
      run: {
        id: 'r',
        number: 1,
        initiator: 'user:default/jane',
        workflow: 'w',
      },
      step: { name: 's', attempt: 1 },
      parameters: {},
      env: {},
      log: { info: write, warn: write, error: write },
      logger: mockServices.logger.mock(),
      signal: new AbortController().signal,
      idempotencyKey: 'r/s/1',
      fencingToken: 1,
      resumed: false,
      workspace: async () => '/nowhere',
      artifacts: { write: async () => {}, read: async () => undefined },
      runner: {
        run: async () => {
          throw new Error('This step runs no programs');
        },
        attach: async () => undefined,
      },
      keepSecret: async name => ({ $secretRef: name }),
      resolveSecrets: async value => value,
      resolveSecretText: async text => text,
      redact: () => {},
    });
  }

  const url = (path: string = '/') => `http://127.0.0.1:${port}${path}`;

  it('sends what it is told and reads outputs out of the answer', async () => {
    answers = [{ status: 201, body: '{"data":{"ids":[7]}}' }];
    const result = await run({
      url: url('/things?token=abc'),
      method: 'POST',
      headers: { 'x-team': 'orders' },
      body: { name: 'orders' },
      outputs: { id: 'data.ids.0' },
    });
    expect(result?.outputs).toEqual({ status: 201, id: 7 });
    expect(requests[0].body).toBe('{"name":"orders"}');
    expect(requests[0].request.headers).toMatchObject({
      'content-type': 'application/json',
      'x-team': 'orders',
    });
    expect(lines).toEqual([`POST ${url('/things')} answered 201`]);
  });

  it('calls no host unless it is allowed, and says how to allow it', async () => {
    await expect(run({ url: url() }, [])).rejects.toThrow(
      `add "127.0.0.1:${port}" to "innominatus.stepTypes.http.allow"`,
    );
    expect(requests).toHaveLength(0);
  });

  it('does not follow a redirect to another host', async () => {
    answers = [
      {
        status: 302,
        headers: { location: 'http://169.254.169.254/latest/meta-data' },
      },
    ];
    await expect(
      run({ url: url() }, [`127.0.0.1:${port}`, '169.254.169.254']),
    ).rejects.toMatchObject({ code: 'HTTP_REDIRECT_REFUSED' });
  });

  it('follows a redirect on the same host', async () => {
    answers = [{ status: 302, headers: { location: '/b' } }, { body: '{}' }];
    await run({ url: url('/a') });
    expect(requests.map(({ request }) => request.url)).toEqual(['/a', '/b']);
  });

  it('tries again while the host is busy', async () => {
    answers = [{ status: 503 }, { status: 429 }, { status: 200 }];
    const result = await run({ url: url(), retries: 2, delay: 1 });
    expect(result?.outputs).toEqual({ status: 200 });
  });

  it.each([
    [{ status: 404 }, {}, 'HTTP_STATUS_UNEXPECTED', false],
    [{ status: 500 }, {}, 'HTTP_STATUS_UNEXPECTED', true],
    [{ status: 200 }, { status: [201, 202] }, 'HTTP_STATUS_UNEXPECTED', false],
    [{ body: 'x'.repeat(1024 * 1024 + 1) }, {}, 'HTTP_BODY_TOO_LARGE', false],
    [{ body: 'text' }, { outputs: { a: 'a' } }, 'HTTP_BODY_INVALID', false],
    [{ body: '{}' }, { outputs: { a: 'a' } }, 'HTTP_OUTPUT_MISSING', false],
    [
      { body: '{"a":{"$secretRef":"resource/1/password"}}' },
      { outputs: { a: 'a' } },
      'HTTP_BODY_INVALID',
      false,
    ],
  ])('fails for %j with %j', async (answer, config, code, transient) => {
    answers = [answer];
    await expect(run({ url: url(), ...config })).rejects.toMatchObject({
      code,
      transient,
    });
  });

  it('may be tried again when the host cannot be reached', async () => {
    server.close();
    await expect(run({ url: url() })).rejects.toMatchObject({
      code: 'HTTP_UNREACHABLE',
      transient: true,
    });
  });
});

describe('the list of allowed hosts', () => {
  const list = createHostAllowList(['*.example.com', 'api.test:8443']);

  it.each([
    'https://a.example.com/x',
    'http://b.a.example.com',
    'https://api.test:8443',
  ])('allows %s', url => {
    expect(() => list.check(new URL(url))).not.toThrow();
  });

  it.each([
    'https://example.com',
    'https://evilexample.com',
    'https://a.example.com:8443',
    'https://api.test',
    'https://example.com.evil.org',
    'file:///etc/passwd',
  ])('refuses %s', url => {
    expect(() => list.check(new URL(url))).toThrow();
  });

  it('refuses an entry that is not a host', () => {
    expect(() => createHostAllowList(['https://example.com/'])).toThrow(
      'is not a host',
    );
  });
});
