import { mockServices } from '@backstage/backend-test-utils';
import { TestCluster } from '../__testUtils__/TestCluster';
import { createRolloutChecker } from './createRolloutChecker';

jest.setTimeout(60_000);

describe('the health check kubernetes-rollout', () => {
  let cluster: TestCluster;
  let namespace: string;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    namespace = cluster.newNamespace();
    await cluster.client.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
  });
  afterAll(() => cluster.stop());

  const check = async (config: object) => {
    const checker = createRolloutChecker({ clusters: [cluster.config] });
    return checker.check({
      config: checker.schema.parse(config),
      resource: {
        ...{ id: '1', uid: 'u', name: 'n', type: 't', class: 'c' },
        ...{ workload: 'w', outputs: {} },
      },
      environment: { name: 'dev', type: 'development', namespace },
      signal: AbortSignal.timeout(30_000),
      logger: mockServices.logger.mock(),
    });
  };

  it('waits for what takes time, and only looks for the rest', async () => {
    const labels = { app: 'web' };
    const objects = [{ name: 'web' }];
    expect(await check({ objects })).toEqual({
      status: 'unhealthy',
      message: `Deployment "web" in namespace "${namespace}" is not there.`,
    });
    await cluster.client.apply(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'web', image: 'nginx:1' }] },
          },
        },
      },
      { force: true },
    );
    await cluster.client.apply(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace },
        data: { a: 'b' },
      },
      { force: true },
    );
    const settings = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'settings',
    };
    expect(await check({ objects: [settings] })).toEqual({
      status: 'healthy',
      message: `ConfigMap "settings" in namespace "${namespace}" is there.`,
    });
    expect((await check({ objects })).status).toBe('unhealthy');
    cluster.playNode(namespace);
    let result = await check({ objects: [...objects, settings] });
    const end = Date.now() + 20_000;
    while (result.status !== 'healthy' && Date.now() < end) {
      await new Promise(resolve => setTimeout(resolve, 200));
      result = await check({ objects: [...objects, settings] });
    }
    expect(result).toEqual({
      status: 'healthy',
      message: 'All 2 objects are ready.',
    });
  });

  it('says that it cannot tell when the cluster is not known', async () => {
    await expect(
      check({ objects: [{ name: 'web' }], cluster: 'elsewhere' }),
    ).rejects.toThrow('There is no cluster "elsewhere"');
  });
});
