import {
  KubernetesObject,
  secretToken,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { createTestStep } from './__testUtils__/stepContext';
import { TestCluster } from './__testUtils__/TestCluster';
import { createKubernetesStepType } from './createKubernetesStepType';

jest.setTimeout(60_000);

const SETTINGS: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { level: 'info', color: 'red' },
};
const SECRET: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'credentials' },
  stringData: { password: secretToken('resource/r/password') },
};
const SECRETS = { 'resource/r/password': 'hunter22' };

describe('looking at what was applied', () => {
  let cluster: TestCluster;
  let namespace: string;

  const stepType = () =>
    createKubernetesStepType({ clusters: [cluster.config], pollMs: 30 });

  const step = (config = {}) => ({
    config: { wait: false, ...config },
    artifacts: { manifests: toYaml([SETTINGS, SECRET]) },
    environment: { name: 'dev', type: 'development', namespace },
    application: { environment: 'dev', name: 'shop' },
    secrets: SECRETS,
  });

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(async () => {
    await cluster.stop();
  });
  beforeEach(async () => {
    namespace = cluster.newNamespace();
    const { context } = createTestStep(step());
    await stepType().run(context);
  });

  const inspect = async (config = {}) => {
    const { context } = createTestStep(step(config));
    return stepType().inspect!({
      ...context,
      application: context.application!,
      environment: context.environment!,
    });
  };

  const place = ({ metadata, ...rest }: KubernetesObject) => ({
    ...rest,
    metadata: { ...metadata, namespace },
  });

  const change = (object: KubernetesObject) =>
    cluster.client.apply(place(object), { force: true, fieldManager: 'jane' });

  it('finds nothing as long as nobody touched it, and changes nothing', async () => {
    const before = await cluster.client.read(place(SETTINGS));
    expect(await inspect()).toEqual([]);
    const after = await cluster.client.read(place(SETTINGS));
    expect(after?.metadata).toEqual(before?.metadata);
    expect(await inspect({ operation: 'delete' })).toBeUndefined();
  });

  it('finds fields that somebody changed, not those that somebody added', async () => {
    await change({ ...SETTINGS, data: { level: 'debug', mine: 'yes' } });
    const [{ recorded, found }, ...others] = (await inspect()) ?? [];
    expect(others).toEqual([]);
    expect(recorded.data).toEqual({ level: 'info', color: 'red', mine: 'yes' });
    expect(found?.data).toEqual({ level: 'debug', color: 'red', mine: 'yes' });
    // A repair takes the fields back.
    const { context } = createTestStep(step({ force: true }));
    await stepType().run(context);
    expect(await inspect()).toEqual([]);
  });

  it('says that a secret is another one, and neither of the two', async () => {
    await change({
      ...SECRET,
      stringData: undefined,
      data: { password: Buffer.from('stolen').toString('base64') },
    } as unknown as KubernetesObject);
    const found = await inspect();
    expect(found).toMatchObject([
      {
        recorded: { data: { password: '•••• (as recorded)' } },
        found: { data: { password: '•••• (another value)' } },
      },
    ]);
    const text = JSON.stringify(found);
    for (const value of ['hunter22', 'stolen']) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(Buffer.from(value).toString('base64'));
    }
  });

  it('finds what is gone', async () => {
    await cluster.client.delete(place(SETTINGS));
    await cluster.client.delete(place(SECRET));
    const found = await inspect();
    expect(found?.map(item => [item.recorded.kind, item.found])).toEqual([
      ['Secret', undefined],
      ['ConfigMap', undefined],
    ]);
    expect(JSON.stringify(found)).not.toContain('__innominatus_secret');
  });
});
