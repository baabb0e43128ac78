import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  createStepType,
  innominatusStepTypesExtensionPoint,
} from '@innominatus/backstage-plugin-innominatus-node';
import { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import innominatusPlugin from '../dev/plugin';
import { GitServer } from './__testUtils__/GitServer';
import module from './index';

jest.setTimeout(180_000);

/** A backend does not close a database in memory by itself. */
const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

const EXAMPLES = path.resolve(__dirname, '../../../examples');
const TOKEN = 'token-nobody-may-see';

/** The golden paths know it, and these tests do not come to it. */
const kubernetesStepType = createBackendModule({
  pluginId: 'innominatus',
  moduleId: 'no-kubernetes',
  register(reg) {
    reg.registerInit({
      deps: { stepTypes: innominatusStepTypesExtensionPoint },
      async init({ stepTypes }) {
        stepTypes.addStepType(
          createStepType({
            name: 'kubernetes',
            description: 'For a test.',
            schema: z.looseObject({}),
            effects: 'none',
            onInterrupt: 'rerun',
            run: async () => {
              throw new Error('There is no cluster here.');
            },
          }),
        );
      },
    });
  },
});

describe('the golden paths of the examples with a Git repository', () => {
  let server: GitServer;
  let backend: Awaited<ReturnType<typeof startTestBackend>>;

  beforeAll(async () => {
    server = await GitServer.start(`bot:${TOKEN}`);
    backend = await startTestBackend({
      features: [
        innominatusPlugin,
        mockServices.database.factory({
          knex: await databases.init('SQLITE_3'),
        }),
        module,
        kubernetesStepType,
        catalogServiceMock.factory({ entities: [] }),
        mockServices.rootConfig.factory({
          data: {
            innominatus: {
              locations: [
                'environments',
                'golden-paths',
                'providers',
                'workflows',
              ].map(folder => ({
                type: 'file',
                target: path.join(EXAMPLES, folder),
              })),
              encryption: {
                keys: [
                  { id: 'test', secret: 'a key that is only for tests 123' },
                ],
              },
              stepTypes: {
                git: {
                  credentials: [
                    { host: server.host, username: 'bot', token: TOKEN },
                  ],
                },
              },
            },
          },
        }),
      ],
    });
  });
  afterAll(async () => {
    await backend.stop();
    await server.stop();
  });

  async function call(method: string, route: string, body?: object) {
    const { port } = backend.server.address() as AddressInfo;
    const response = await fetch(
      `http://localhost:${port}/api/innominatus/v1${route}`,
      {
        method,
        headers: {
          Authorization: mockCredentials.user.header(),
          'Content-Type': 'application/json',
        },
        body: body && JSON.stringify(body),
      },
    );
    return response.json();
  }

  async function run(goldenPath: string, parameters: object) {
    const started = await call('POST', `/golden-paths/${goldenPath}/runs`, {
      parameters: { target: 'git', ...parameters },
    });
    expect(started).toMatchObject({ id: expect.any(String) });
    return waitForEnd(started.id);
  }

  async function waitForEnd(id: string) {
    for (;;) {
      const found = await call('GET', `/runs/${id}`);
      if (found.endedAt) {
        return found;
      }
      await sleep(50);
    }
  }

  async function undo(runId: string, preview: { version: string }) {
    const { id } = await call('POST', `/runs/${runId}/undo`, {
      previewVersion: preview.version,
      acknowledge: ['commit'],
    });
    return waitForEnd(id);
  }

  const files = (url: string) =>
    server
      .inspect(url, 'ls-tree', '-r', '--name-only', 'main')
      .trim()
      .split('\n');

  it('onboard-team commits a folder for each team, without secrets', async () => {
    const { http } = server.create({ 'README.md': 'Teams' });
    for (const team of ['orders', 'payments']) {
      const ended = await run('onboard-team', {
        team,
        repository: http,
        members: ['jane', 'bob'],
      });
      expect(ended.failure).toBeUndefined();
    }
    expect(files(http)).toEqual(
      expect.arrayContaining([
        'README.md',
        'platform/teams/orders/group-orders.yaml',
        'platform/teams/orders/namespace-team-orders.yaml',
        'platform/teams/payments/group-payments.yaml',
      ]),
    );
    expect(files(http).join()).not.toContain('secret');
    const group = server.inspect(
      http,
      'show',
      'main:platform/teams/orders/group-orders.yaml',
    );
    expect(group).toMatch(/members:\s+- jane\s+- bob/);
  });

  it('observability-setup takes out what is no longer chosen', async () => {
    const { http } = server.create({ 'README.md': 'Platform' });
    const all = await run('observability-setup', { repository: http });
    expect(all.failure).toBeUndefined();
    const folder = 'platform/observability';
    expect(files(http)).toEqual(
      expect.arrayContaining([
        `${folder}/deployment-loki.yaml`,
        `${folder}/deployment-grafana.yaml`,
      ]),
    );
    const less = await run('observability-setup', {
      repository: http,
      enable_logs: false,
    });
    expect(less.failure).toBeUndefined();
    expect(files(http).join()).not.toContain('loki');
    expect(files(http).join()).toContain('grafana');
  });

  it('shows before an undo what it would take back, and what stands in its way', async () => {
    const { http, file } = server.create({ 'README.md': 'Platform' });
    await run('observability-setup', { repository: http, enable_logs: false });
    const before = server.inspect(http, 'rev-parse', 'main^{tree}');
    const { id } = await run('observability-setup', { repository: http });
    const preview = () => call('GET', `/runs/${id}/undo-preview`);
    const commitOf = ({ steps }: { steps: Array<{ step: string }> }) =>
      steps.find(({ step }) => step === 'commit');
    const first = await preview();
    expect(first).toMatchObject({ allowed: true, acknowledge: ['commit'] });
    expect(commitOf(first)).toEqual({
      step: 'commit',
      title: expect.any(String),
      type: 'git-commit-manifests',
      effects: 'external',
      undoable: true,
    });

    const name = 'platform/observability/deployment-loki.yaml';
    const text = server.inspect(http, 'show', `main:${name}`);
    server.push(file, { [name]: 'edited: by hand' });
    const changed = await preview();
    // It is the same undo; only the world around it is another one.
    expect(changed.version).toBe(first.version);
    expect(commitOf(changed)).toMatchObject({
      undoable: true,
      warnings: [expect.stringContaining(`Somebody changed "${name}"`)],
    });
    const failed = await undo(id, first);
    expect(failed).toMatchObject({
      status: 'failed',
      failure: { error: { code: 'GIT_CHANGED_SINCE' } },
    });

    server.push(file, { [name]: text });
    const retry = await call('GET', `/runs/${failed.id}/retry-preview`);
    const again = await call('POST', `/runs/${failed.id}/retry`, {
      previewVersion: retry.version,
      acknowledge: retry.acknowledge,
    });
    expect(await waitForEnd(again.id)).toMatchObject({ status: 'succeeded' });
    expect(server.inspect(http, 'rev-parse', 'main^{tree}')).toBe(before);
    expect(JSON.stringify([first, changed])).not.toContain(TOKEN);
  });

  it('says which parameter is missing before anything is committed', async () => {
    const ended = await run('onboard-team', { team: 'orders' });
    expect(ended.failure.error.message).toContain('repository');
  });
});
