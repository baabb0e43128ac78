import {
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { execFile, spawnSync } from 'node:child_process';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  readDefinitions,
  simulateGoldenPath,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  EXAMPLE_LOCATIONS,
  TestApi,
  startTestApi,
} from '../__testUtils__/startTestApi';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const PATHS = path.resolve(__dirname, '../../../../examples/golden-paths');

/** The part of a job's container that says what runs in it. */
interface Container {
  command: string[];
  args: string[];
  env?: Array<{ name: string; value?: string }>;
}

describe('golden paths of the examples for real', () => {
  let api: TestApi;
  let folder: string;
  let gitea: Server;
  let port: number;
  let seen: Array<{ url: string; authorization?: string; body: string }>;
  let known: Set<string>;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'golden-paths-'));
    gitea = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) {
        body += chunk;
      }
      const url = `${request.method} ${request.url}`;
      seen.push({ url, authorization: request.headers.authorization, body });
      const isNew = !known.has(url + body);
      known.add(url + body);
      const created = isNew ? 201 : 422;
      response.writeHead(request.method === 'POST' ? created : 200, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify({ username: 'orders' }));
    });
    await new Promise<void>(resolve => {
      gitea.listen(0, '127.0.0.1', resolve);
    });
    port = (gitea.address() as AddressInfo).port;
    api = await startTestApi({
      knex: await databases.initEmpty('SQLITE_3'),
      locations: EXAMPLE_LOCATIONS,
      config: {
        stepTypes: {
          'write-manifests': { roots: [folder] },
          http: { allow: [`127.0.0.1:${port}`] },
        },
      },
    });
  });
  beforeEach(() => {
    seen = [];
    known = new Set();
  });
  afterAll(async () => {
    await api.stop();
    gitea.closeAllConnections();
    gitea.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(name: string, parameters: object) {
    const { body } = await api
      .user('admin')
      .post(`/golden-paths/${name}/runs`, { parameters });
    expect(body).toMatchObject({ id: expect.any(String) });
    return api.waitForRun(body.id);
  }

  it('observability-setup writes its manifests into a folder', async () => {
    const ended = await run('observability-setup', {
      target: 'folder',
      enable_tracing: true,
    });
    expect(ended.failure).toBeUndefined();
    const written = path.join(
      folder,
      'platform/observability/observability-setup',
    );
    expect(readdirSync(written)).toEqual(
      expect.arrayContaining([
        'configmap-prometheus-rules.yaml',
        'deployment-tempo.yaml',
        'service-grafana.yaml',
      ]),
    );
    const less = await run('observability-setup', { target: 'folder' });
    expect(less.failure).toBeUndefined();
    expect(readdirSync(written).join()).not.toContain('tempo');
  });

  it('onboard-team writes entities and objects, and no credentials', async () => {
    const ended = await run('onboard-team', {
      target: 'folder',
      team: 'orders',
      members: 'jane, bob',
    });
    expect(ended.failure).toBeUndefined();
    const written = path.join(folder, 'platform/teams/orders/onboard-team');
    const names = readdirSync(written);
    expect(names).toEqual(expect.arrayContaining(['group-orders.yaml']));
    expect(names.join()).not.toContain('secret');
    const texts = names.map(name =>
      readFileSync(path.join(written, name), 'utf8'),
    );
    expect(texts.join()).toContain('requests.cpu: "4000m"');
    expect(texts.join()).not.toContain(`s3-${ended.id}`);
  });

  it('team-setup makes an organisation with teams, and again without harm', async () => {
    const parameters = {
      target: 'gitea',
      url: `http://127.0.0.1:${port}`,
      token: 'not-for-eyes',
      org_name: 'orders',
    };
    for (const attempt of [1, 2]) {
      seen = [];
      const ended = await run('team-setup', parameters);
      expect([attempt, ended.failure]).toEqual([attempt, undefined]);
      expect(JSON.stringify(ended)).not.toContain('not-for-eyes');
      expect(seen.map(({ url }) => url)).toEqual([
        'POST /api/v1/orgs',
        'POST /api/v1/orgs/orders/teams',
        'POST /api/v1/orgs/orders/teams',
        'GET /api/v1/orgs/orders',
      ]);
    }
    const refused = await run('team-setup', {
      ...parameters,
      url: 'http://other',
    });
    expect(JSON.stringify(refused)).not.toContain('not-for-eyes');
    expect(seen[0].authorization).toBe('token not-for-eyes');
    expect(JSON.parse(seen[0].body)).toMatchObject({
      username: 'orders',
      visibility: 'private',
    });
  });
});

/** Where the programs of the image are on this machine too. */
const servers: string[][] = databases
  .each()
  .filter(
    ([id]) =>
      id.startsWith('POSTGRES') &&
      spawnSync('psql', ['--version']).status === 0,
  );

(servers.length > 0 ? describe.each(servers) : describe.skip.each([['none']]))(
  'the jobs of db-lifecycle on %s',
  id => {
    let folder: string;
    let environment: Record<string, string>;
    let query: (sql: string) => Promise<Array<Record<string, unknown>>>;

    beforeAll(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'db-lifecycle-'));
      mkdirSync(path.join(folder, 'backups'));
      mkdirSync(path.join(folder, 'migrations'));
      const knex = await databases.initEmpty(id);
      query = async sql => (await knex.raw(sql)).rows;
      const { host, port, user, password, database } = knex.client.config
        .connection as Record<string, unknown>;
      environment = {
        PATH: process.env.PATH ?? '',
        PGHOST: String(host),
        PGPORT: String(port),
        PGUSER: String(user),
        PGPASSWORD: String(password),
        PGDATABASE: String(database),
      };
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    /** Runs the program of the job that a step of the golden path prepares. */
    async function runJob(
      step: string,
      parameters: Record<string, string | boolean>,
    ): Promise<string> {
      const { definitions } = readDefinitions(
        readFileSync(path.join(PATHS, 'db-lifecycle.yaml'), 'utf8'),
      );
      const { steps } = await simulateGoldenPath({
        definitions,
        goldenPath: 'db-lifecycle',
        parameters: { database: 'orders', ...parameters },
        decide: 'approve',
      });
      const config: unknown = steps.find(({ name }) => name === step)?.config;
      const { manifest } = config as {
        manifest: { spec: { template: { spec: { containers: Container[] } } } };
      };
      const [{ command, args, env = [] }] =
        manifest.spec.template.spec.containers;
      const { stdout, stderr } = await promisify(execFile)(
        command[0],
        [...command.slice(1), ...args],
        {
          env: {
            ...environment,
            ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
            BACKUPS: path.join(folder, 'backups'),
            MIGRATIONS: path.join(folder, 'migrations'),
          },
        },
      );
      return `${stdout}${stderr}`;
    }

    /** Programs that are older than the server refuse to. */
    async function canDump(): Promise<boolean> {
      const [{ server_version: server }] = await query('SHOW server_version');
      const { stdout } = await promisify(execFile)('pg_dump', ['--version'], {
        env: environment,
      });
      return (
        parseInt(/\d+/.exec(stdout)![0], 10) >= parseInt(String(server), 10)
      );
    }

    const migrate = (name: string, sql: string) =>
      writeFileSync(path.join(folder, 'migrations', name), sql);

    it('check, migrate, try out, back up with an end, and restore', async () => {
      expect(await runJob('health', {})).toContain('size: ');

      migrate('001.sql', 'CREATE TABLE orders (id int);');
      migrate('002.sql', 'INSERT INTO orders VALUES (1)');
      const tried = await runJob('migration', {
        operation: 'migration',
        dry_run: true,
      });
      expect(tried).toContain('ROLLBACK of 2 files');
      await expect(query('SELECT * FROM orders')).rejects.toThrow('orders');
      await runJob('migration', { operation: 'migration' });
      expect(await query('SELECT * FROM orders')).toEqual([{ id: 1 }]);

      // All or none.
      migrate('001.sql', 'INSERT INTO orders VALUES (2);');
      migrate('002.sql', 'INSERT INTO nothing VALUES (1);');
      await expect(
        runJob('migration', { operation: 'migration' }),
      ).rejects.toThrow('nothing');
      expect(await query('SELECT * FROM orders')).toEqual([{ id: 1 }]);

      if (!(await canDump())) {
        return;
      }
      const backups = path.join(folder, 'backups');
      const old = new Date(Date.now() - 20 * 86_400_000);
      for (const name of ['orders-run-0.dump', 'others-run-0.dump']) {
        writeFileSync(path.join(backups, name), '');
        utimesSync(path.join(backups, name), old, old);
      }
      await runJob('backup', { operation: 'backup', backup_retention: '2w' });
      expect(readdirSync(backups).sort()).toEqual([
        'orders-run-1.dump',
        'others-run-0.dump',
      ]);

      await query('DELETE FROM orders');
      expect(await runJob('restore', { operation: 'restore' })).toContain(
        'orders-run-1.dump',
      );
      expect(await query('SELECT * FROM orders')).toEqual([{ id: 1 }]);
    });
  },
);
