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
import { TestCluster } from './__testUtils__/TestCluster';
import module from './index';

jest.setTimeout(180_000);

/** A backend does not close a database in memory by itself. */
const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

const EXAMPLES = path.resolve(__dirname, '../../../examples');

/** The golden paths know it, and these tests do not come to it. */
const gitStepType = createBackendModule({
  pluginId: 'innominatus',
  moduleId: 'no-git',
  register(reg) {
    reg.registerInit({
      deps: { stepTypes: innominatusStepTypesExtensionPoint },
      async init({ stepTypes }) {
        stepTypes.addStepType(
          createStepType({
            name: 'git-commit-manifests',
            description: 'For a test.',
            schema: z.looseObject({}),
            effects: 'none',
            onInterrupt: 'rerun',
            run: async () => {
              throw new Error('There is no Git here.');
            },
          }),
        );
      },
    });
  },
});

describe('the golden paths of the examples in a cluster', () => {
  let cluster: TestCluster;
  let backend: Awaited<ReturnType<typeof startTestBackend>>;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    const { name, ...config } = cluster.config;
    backend = await startTestBackend({
      features: [
        innominatusPlugin,
        mockServices.database.factory({
          knex: await databases.init('SQLITE_3'),
        }),
        module,
        gitStepType,
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
                kubernetes: {
                  clusters: [
                    config.type === 'kubeconfig'
                      ? { name, kubeconfig: config.path }
                      : { name, ...config, type: undefined },
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
    await cluster.stop();
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
      parameters: { target: 'kubernetes', ...parameters },
    });
    expect(started).toMatchObject({ id: expect.any(String) });
    for (;;) {
      const found = await call('GET', `/runs/${started.id}`);
      if (found.endedAt) {
        return found;
      }
      await sleep(50);
    }
  }

  const read = (
    apiVersion: string,
    kind: string,
    name: string,
    namespace?: string,
  ) =>
    cluster.client.read({
      apiVersion,
      kind,
      metadata: { name, ...(namespace && { namespace }) },
    });

  it('observability-setup rolls out what was chosen', async () => {
    const namespace = cluster.newNamespace();
    cluster.playNode(namespace);
    const ended = await run('observability-setup', {
      namespace,
      enable_logs: false,
      retention_days: 60,
    });
    expect(ended.failure).toBeUndefined();
    const prometheus = await read(
      'apps/v1',
      'Deployment',
      'prometheus',
      namespace,
    );
    expect(JSON.stringify(prometheus?.spec)).toContain('retention.time=60d');
    expect(
      await read('apps/v1', 'Deployment', 'grafana', namespace),
    ).toMatchObject({
      status: { availableReplicas: 1 },
    });
    expect(
      await read('apps/v1', 'Deployment', 'loki', namespace),
    ).toBeUndefined();
    const dashboard = await read(
      'v1',
      'ConfigMap',
      'grafana-dashboard-errors',
      namespace,
    );
    const { panels } = JSON.parse(
      (dashboard?.data as Record<string, string>)['dashboard.json'],
    );
    expect(panels[0].targets[0].expr).toContain('code=~"5.."');
  });

  it('onboard-team makes a namespace with limits, rights and credentials', async () => {
    const team = cluster.newNamespace().slice(0, 30).replace(/-+$/, '');
    const ended = await run('onboard-team', { team, quota_cpu: 6 });
    expect(ended.failure).toBeUndefined();
    const namespace = `team-${team}`;
    expect(await read('v1', 'Namespace', namespace)).toMatchObject({
      metadata: { labels: { 'innominatus.dev/team': team } },
    });
    expect(await read('v1', 'ResourceQuota', 'team', namespace)).toMatchObject({
      spec: {
        hard: {
          // A cluster writes amounts in its own way.
          'requests.cpu': expect.stringMatching(/^(6|6000m)$/),
          'requests.memory': '8Gi',
        },
      },
    });
    const credentials = await read(
      'v1',
      'Secret',
      'team-credentials',
      namespace,
    );
    const data = credentials?.data as Record<string, string>;
    const text = (key: string) => Buffer.from(data[key], 'base64').toString();
    expect(text('DATABASE_HOST')).toBe(`${team}.db.simulator.example`);
    expect(text('SECRET_KEY')).toBe(`s3-${ended.id}`);
    // It is in the cluster, and nowhere else.
    expect(JSON.stringify(ended)).not.toContain(`s3-${ended.id}`);
  });

  it('db-lifecycle runs its jobs, backs up before it migrates, and says what failed', async () => {
    const namespace = cluster.newNamespace();
    await cluster.client.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    cluster.playNode(namespace);
    const ended = await run('db-lifecycle', {
      database: 'orders',
      operation: 'migration',
      namespace,
    });
    expect(ended.failure).toBeUndefined();
    for (const job of ['backup', 'migration', 'health']) {
      const name = `orders-${job}-${ended.number}`;
      expect(await read('batch/v1', 'Job', name, namespace)).toMatchObject({
        status: { succeeded: 1 },
      });
    }
    const failed = await run('db-lifecycle', {
      database: 'broken',
      operation: 'backup',
      namespace,
    });
    expect(failed.failure).toMatchObject({ step: 'run-backup' });
    expect(failed.failure.error.message).toContain('It exited with 3');
    const report = failed.steps.find(
      (step: { name: string }) => step.name === 'report-failure',
    );
    expect(report.status).toBe('succeeded');
  });
});
