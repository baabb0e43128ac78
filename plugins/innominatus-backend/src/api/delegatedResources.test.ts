import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { DocumentedPage } from '../__testUtils__/DocumentedPage';
import { TicketDesk } from '../__testUtils__/TicketDesk';
import {
  EXAMPLE_LOCATIONS,
  TestApi,
  startTestApi,
} from '../__testUtils__/startTestApi';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { eventually } from '../__testUtils__/TestEngine';

jest.setTimeout(180_000);

const databases = createTestDatabases();
const page = DocumentedPage.read('docs/platform/delegated-resources.md');
const read = (file: string) =>
  readFileSync(path.join(page.folder, file), 'utf8');

/** What the text has people send reports with. */
const TOOLS = ['sh', 'openssl', 'curl', 'od', 'base64'];

const missing = TOOLS.filter(tool => {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', tool], { stdio: 'pipe' });
    return false;
  } catch {
    return true;
  }
});

if (missing.length > 0) {
  process.stderr.write(
    `SKIPPED: the report of docs/platform/delegated-resources.md is not sent, for there is no ${missing.join(', ')} here\n`,
  );
}

afterAll(() => page.remove());

const describeWithTools = missing.length > 0 ? describe.skip : describe;

describeWithTools('docs/platform/delegated-resources.md', () => {
  let api: TestApi;
  let desk: TicketDesk;

  beforeAll(async () => {
    desk = await TicketDesk.start();
    // The desk of the text is here.
    const provider = read('platform/provider.yaml');
    writeFileSync(
      path.join(page.folder, 'platform/provider.yaml'),
      provider.replaceAll('https://desk.example.com', `http://${desk.host}`),
    );
    const { innominatus } = parse(
      read('app-config.local.yaml').replaceAll('desk.example.com', desk.host),
    );
    api = await startTestApi({
      knex: await databases.initEmpty('SQLITE_3'),
      locations: [
        ...EXAMPLE_LOCATIONS,
        ...page.locations('app-config.local.yaml'),
      ],
      config: { stepTypes: innominatus.stepTypes },
    });
  });

  afterAll(async () => {
    await api.stop();
    await desk.stop();
  });

  const rule = async () => {
    const { body } = await api
      .user('admin')
      .get('/resources?filter[management]=delegated&filter[name]=rule');
    return body.items[0];
  };

  it('makes a resource active with the report that the text has people send', async () => {
    const { status, body: deployment } = await api
      .user('admin')
      .post('/applications/development/orders/deployments', {
        action: 'deploy',
        score: read('score.yaml'),
      });
    expect([status, deployment.detail]).toEqual([202, undefined]);
    await eventually(async () => {
      const shown = await rule();
      return shown?.waitingFor !== undefined;
    }, 60_000);
    expect(await rule()).toMatchObject({
      state: 'provisioning',
      waitingFor: {
        message: 'Waits for "Ticket T-1".',
        link: { url: 'https://desk.example/T-1', title: 'Ticket T-1' },
      },
    });
    const { url, secret } = desk.tickets[0].callback!;
    const { port } = api.server.address() as AddressInfo;
    const { pathname } = new URL(url);
    const send = async (key: string) => {
      const { stdout } = await promisify(execFile)('sh', ['report.sh'], {
        cwd: page.folder,
        env: {
          PATH: process.env.PATH,
          // The server of the test is not where its configuration says.
          URL: `http://localhost:${port}${pathname}`,
          SECRET: key,
        },
      });
      return JSON.parse(stdout);
    };
    const wrong = `whsec_${Buffer.from('someone else').toString('base64')}`;
    expect(await send(wrong)).toMatchObject({ status: 401 });
    expect(await send(secret)).toEqual({ repeated: false });
    const run = await api.waitForRun(deployment.runId);
    expect(run.failure).toBeUndefined();
    const made = await rule();
    expect(made).toMatchObject({
      state: 'active',
      management: 'delegated',
      outputs: { name: 'allow-orders' },
    });
    expect(made.waitingFor).toBeUndefined();
  });
});
