import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import innominatusPlugin from '../dev/plugin';
import { TestCluster } from './__testUtils__/TestCluster';
import kubernetesModule from './index';

jest.setTimeout(600_000);

/** A backend does not close a database in memory by itself. */
const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

const EXAMPLES = path.resolve(__dirname, '../../../examples');
/** The provider of the cluster brings them together with a workload. */
const OF_THE_CLUSTER = ['dns', 'route', 'volume'];
const ENVIRONMENTS = ['shop', 'live'];

const example = (...names: string[]) =>
  readFileSync(path.join(EXAMPLES, ...names), 'utf8');

const scores = new Map(
  readdirSync(path.join(EXAMPLES, 'boutique')).map(file => [
    path.basename(file, '.yaml'),
    example('boutique', file),
  ]),
);

/** Databases and queues outside of the cluster, made at once. */
function simulatedServices(): string {
  const provider = parse(example('providers/simulator/provider.yaml'));
  provider.spec.resourceTypes = provider.spec.resourceTypes
    .filter(({ type }: { type: string }) => !OF_THE_CLUSTER.includes(type))
    .map((type: object) => ({
      ...type,
      environments: { targets: ['kubernetes'] },
    }));
  return stringify(provider);
}

/** Without the ways to other targets, whose modules are not installed. */
function goldenPath(file: string): string {
  const definition = parse(example('golden-paths', file));
  const elsewhere = ['git-commit-manifests', 'write-manifests', 'simulate'];
  const isHere = ({ type }: { type: string }) => !elsewhere.includes(type);
  const steps = definition.spec.steps.filter(isHere);
  const names = steps.map(({ name }: { name: string }) => name);
  return stringify({
    ...definition,
    spec: {
      ...definition.spec,
      steps: steps.map((step: { dependsOn?: string[] }) => ({
        ...step,
        dependsOn: step.dependsOn?.filter(name => names.includes(name)),
      })),
    },
  });
}

function definitions(namespaceOf: (environment: string) => string) {
  return {
    'services.yaml': simulatedServices(),
    'workflows.yaml': example('providers/simulator/workflows.yaml').replace(
      /^( +)delay: \d+s$/gm,
      '$1delay: 1ms',
    ),
    'kubernetes.yaml': example('providers/kubernetes/provider.yaml'),
    'deploy-app.yaml': goldenPath('deploy-app.yaml'),
    'undeploy-app.yaml': goldenPath('undeploy-app.yaml'),
    'environments.yaml': ENVIRONMENTS.map(name =>
      stringify({
        apiVersion: 'innominatus.dev/v1',
        kind: 'Environment',
        metadata: { name },
        spec: {
          type: 'development',
          target: {
            type: 'kubernetes',
            cluster: 'test',
            namespace: namespaceOf(name),
          },
        },
      }),
    ).join('---\n'),
  };
}

/** A backend with the plugin and the module, as they are installed. */
async function startShop(folder: string, cluster: TestCluster) {
  const { config } = cluster;
  const backend = await startTestBackend({
    features: [
      innominatusPlugin,
      mockServices.database.factory({
        knex: await databases.init('SQLITE_3'),
      }),
      kubernetesModule,
      catalogServiceMock.factory({ entities: [] }),
      mockServices.rootConfig.factory({
        data: {
          innominatus: {
            locations: [{ type: 'file', target: folder }],
            stepTypes: {
              kubernetes: {
                clusters: [
                  config.type === 'kubeconfig'
                    ? { name: 'test', kubeconfig: config.path }
                    : { ...config, type: undefined },
                ],
              },
            },
            encryption: {
              keys: [
                {
                  id: 'test',
                  secret: 'a secret for this test, long enough to be one',
                },
              ],
            },
          },
        },
      }),
    ],
  });
  const { port } = backend.server.address() as AddressInfo;
  const call = async (method: string, route: string, body?: object) => {
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
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(`${method} ${route}: ${JSON.stringify(answer)}`);
    }
    return answer;
  };
  return { call, stop: () => backend.stop() };
}

describe('a shop of eleven workloads on a cluster', () => {
  const namespaces = new Map<string, string>();
  let cluster: TestCluster;
  let folder: string;
  let shop: Awaited<ReturnType<typeof startShop>>;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    for (const environment of ENVIRONMENTS) {
      const name = cluster.newNamespace();
      namespaces.set(environment, name);
      await cluster.client.create({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name },
      });
      cluster.playNode(name);
    }
    folder = await mkdtemp(path.join(tmpdir(), 'innominatus-shop-'));
    const files = definitions(name => namespaces.get(name) ?? '');
    for (const [name, text] of Object.entries(files)) {
      await writeFile(path.join(folder, name), text);
    }
    shop = await startShop(folder, cluster);
  });
  afterAll(async () => {
    await shop?.stop();
    for (const name of namespaces.values()) {
      await cluster.client.delete({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name },
      });
    }
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Plans, deploys what was planned, and waits for it. */
  async function carryOut(application: string, request: object) {
    const plan = await shop.call(
      'POST',
      `/applications/${application}/plans`,
      request,
    );
    const { id } = await shop.call(
      'POST',
      `/applications/${application}/deployments`,
      { ...request, planHash: plan.hash },
    );
    for (;;) {
      const deployment = await shop.call('GET', `/deployments/${id}`);
      if (deployment.endedAt) {
        const run = await shop.call('GET', `/runs/${deployment.runId}`);
        expect({ application, failure: run.failure }).toEqual({ application });
        expect(deployment.status).toBe('succeeded');
        return plan;
      }
      await sleep(50);
    }
  }

  const deployments = async (environment: string) => {
    const found = await cluster.client.list({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: namespaces.get(environment) ?? '',
      limit: 50,
    });
    return found.map(({ metadata, spec }) => {
      const { containers } = (
        spec as { template: { spec: { containers: Array<{ image: string }> } } }
      ).template.spec;
      return `${metadata.name} ${containers[0].image.split(':').pop()}`;
    });
  };

  it('is planned, deployed, changed, rolled back, promoted and deleted', async () => {
    expect(scores.size).toBe(11);
    for (const [name, score] of scores) {
      await carryOut(`shop/${name}`, { action: 'deploy', score });
    }
    expect(await deployments('shop')).toHaveLength(11);
    expect(await deployments('shop')).toContain('frontend 1.0.0');

    const score = scores.get('frontend')!.replace(':1.0.0', ':1.1.0');
    const change = await carryOut('shop/frontend', {
      action: 'deploy',
      score,
    });
    expect(
      change.manifests
        .filter(({ action }: { action: string }) => action === 'update')
        .map(({ kind }: { kind: string }) => kind),
    ).toEqual(['Deployment']);
    expect(await deployments('shop')).toContain('frontend 1.1.0');

    await carryOut('shop/frontend', {
      action: 'rollback',
      target: { revision: 1 },
    });
    expect(await deployments('shop')).toContain('frontend 1.0.0');

    for (const name of scores.keys()) {
      await carryOut(`live/${name}`, { action: 'promote', from: 'shop' });
    }
    expect((await deployments('live')).sort()).toEqual(
      (await deployments('shop')).sort(),
    );
    const { items } = await shop.call(
      'GET',
      '/resources?filter[environment]=live&limit=200',
    );
    // Of its own: nothing of one environment is used in the other.
    expect(
      items
        .map(({ uid, state }: { uid: string; state: string }) => [uid, state])
        .filter(([uid]: [string]) => uid.endsWith('#boutique'))
        .sort(),
    ).toEqual([
      ['amqp.default#boutique', 'active'],
      ['postgres.default#boutique', 'active'],
      ['redis.default#boutique', 'active'],
    ]);

    for (const environment of ENVIRONMENTS) {
      for (const name of [...scores.keys()].reverse()) {
        await carryOut(`${environment}/${name}`, { action: 'delete' });
      }
      expect(await deployments(environment)).toEqual([]);
    }
    expect((await shop.call('GET', '/applications')).items).toEqual([]);
    expect(
      (await shop.call('GET', '/resources')).items.filter(
        ({ state }: { state: string }) => state === 'active',
      ),
    ).toEqual([]);
  });
});
