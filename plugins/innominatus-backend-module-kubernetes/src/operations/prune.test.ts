import {
  JsonObject,
  KubernetesObject,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { createTestStep } from '../__testUtils__/stepContext';
import { TestCluster } from '../__testUtils__/TestCluster';
import { createKubernetesStepType } from '../createKubernetesStepType';

jest.setTimeout(60_000);

const INVENTORY = 'innominatus-inventory-dev-shop';

const configMap = (name: string, instance = 'dev-shop'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    labels: {
      'app.kubernetes.io/instance': instance,
      'app.kubernetes.io/managed-by': 'innominatus',
    },
  },
});

describe('prune', () => {
  let cluster: TestCluster;
  let namespace: string;

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(async () => {
    await cluster.stop();
  });
  beforeEach(() => {
    namespace = cluster.newNamespace();
  });

  async function run(
    manifests: KubernetesObject[],
    config: JsonObject = {},
    kept: KubernetesObject[] = [],
  ) {
    const { context } = createTestStep({
      config,
      artifacts: {
        manifests: toYaml(manifests),
        'manifests.kept': toYaml(kept),
      },
      application: { environment: 'dev', name: 'shop' },
      environment: { name: 'dev', type: 'development', namespace },
    });
    const stepType = createKubernetesStepType({ clusters: [cluster.config] });
    return (await stepType.run(context))?.outputs ?? {};
  }

  const exists = async (name: string) => {
    const { metadata, ...rest } = configMap(name);
    return (
      (await cluster.client.read({
        ...rest,
        metadata: { name: metadata.name, namespace },
      })) !== undefined
    );
  };

  it('removes what is no longer delivered, and the list with the last object', async () => {
    await run([configMap('one'), configMap('two')]);
    expect(await exists(INVENTORY)).toBe(true);
    const { deleted } = await run([configMap('two')]);
    expect(deleted).toEqual(['ConfigMap/one']);
    expect([await exists('one'), await exists('two')]).toEqual([false, true]);
    expect((await run([configMap('two')])).deleted).toEqual([]);
    await run([configMap('two')], { operation: 'delete' });
    expect([await exists('two'), await exists(INVENTORY)]).toEqual([
      false,
      false,
    ]);
  });

  it('removes what an interrupted deployment has left, when the workload goes', async () => {
    await run([configMap('one'), configMap('two')]);
    const { deleted } = await run([configMap('two')], { operation: 'delete' });
    expect(deleted).toEqual(['ConfigMap/two', 'ConfigMap/one']);
  });

  it('leaves what other applications need, and hands it over', async () => {
    await run([configMap('one'), configMap('shared')]);
    expect(
      await run([configMap('one')], { operation: 'delete' }, [
        configMap('shared'),
      ]),
    ).toMatchObject({ deleted: ['ConfigMap/one'] });
    expect([await exists('shared'), await exists(INVENTORY)]).toEqual([
      true,
      false,
    ]);
    // Who is left takes it over; from then on it goes with them.
    const theirs = [configMap('shared', 'dev-other')];
    await run(theirs);
    await run([configMap('one')], { operation: 'delete' });
    expect(await exists('shared')).toBe(true);
    await run(theirs, { operation: 'delete' });
    expect(await exists('shared')).toBe(false);
  });

  it('leaves everything where it is when prune is off', async () => {
    await run([configMap('one')], { prune: false });
    await run([configMap('two')], { prune: false });
    expect([await exists('one'), await exists(INVENTORY)]).toEqual([
      true,
      false,
    ]);
  });

  it('does not remove what a forged list names', async () => {
    await run([configMap('one')]);
    const theirs = configMap('theirs', 'dev-other');
    const { metadata } = theirs;
    await cluster.client.apply(
      { ...theirs, metadata: { ...metadata, namespace } },
      { force: true },
    );
    const reference = (name: string, place: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: place },
    });
    await cluster.client.apply(
      {
        ...configMap(INVENTORY),
        metadata: { ...configMap(INVENTORY).metadata, namespace },
        data: {
          objects: JSON.stringify([
            reference('theirs', namespace),
            reference('one', 'default'),
            {
              apiVersion: 'v1',
              kind: 'Namespace',
              metadata: { name: 'default' },
            },
            'nonsense',
          ]),
        },
      },
      { force: true, fieldManager: 'someone' },
    );
    expect((await run([configMap('one')])).deleted).toEqual([]);
    expect(await exists('theirs')).toBe(true);
  });
});
