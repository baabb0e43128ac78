import { mockServices } from '@backstage/backend-test-utils';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { Registration } from './Registration';

describe('making a backend known to Restate', () => {
  let server: Server;
  let answers: number[];
  let requests: Array<{ url?: string; token?: string; body: unknown }>;
  let adminUrl: string;

  beforeEach(async () => {
    answers = [];
    requests = [];
    server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) {
        text += chunk;
      }
      requests.push({
        url: request.url,
        token: request.headers.authorization,
        body: JSON.parse(text),
      });
      response.statusCode = answers.shift() ?? 201;
      response.end('{"message":"no"}');
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    adminUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  const start = (logger = mockServices.logger.mock()) =>
    Registration.start({ adminUrl, token: 't', url: 'http://steps', logger });

  it('is done when Restate has taken the address', async () => {
    const registration = await start();
    expect(registration.problem).toBeUndefined();
    expect(requests).toEqual([
      {
        url: '/deployments',
        token: 'Bearer t',
        body: { uri: 'http://steps', force: true },
      },
    ]);
    await registration.stop();
  });

  it('is tried again until it works, and says why it did not', async () => {
    answers = [500];
    const logger = mockServices.logger.mock();
    const registration = await start(logger);
    expect(registration.problem).toBe(
      `Restate answered with status 500 at ${adminUrl}/deployments: {"message":"no"}`,
    );
    while (registration.problem !== undefined) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    expect(requests).toHaveLength(2);
    await registration.stop();
  });

  it('stops trying', async () => {
    answers = Array(100).fill(503);
    const registration = await start();
    await registration.stop();
    expect(registration.problem).toContain('status 503');
  });
});
