import { setTimeout as sleep } from 'node:timers/promises';
import {
  JsonObject,
  KubernetesObject,
  secretToken,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepResult } from '@innominatus/backstage-plugin-innominatus-node';
import { createKubernetesStepType } from './createKubernetesStepType';
import { createTestStep, TestStepOptions } from './__testUtils__/stepContext';
import { TestCluster } from './__testUtils__/TestCluster';

jest.setTimeout(60_000);

const configMap = (
  name: string,
  data: Record<string, string>,
): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

const deployment = (image: string, replicas = 1): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'shop' } },
    template: {
      metadata: { labels: { app: 'shop' } },
      spec: { containers: [{ name: 'web', image }] },
    },
  },
});

describe('step type kubernetes', () => {
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
    config: JsonObject,
    options: Partial<TestStepOptions> = {},
  ): Promise<{ outputs: StepResult['outputs']; lines: string[] }> {
    const stepType = createKubernetesStepType({
      clusters: [cluster.config],
      pollMs: 30,
    });
    const { context, lines } = createTestStep({
      environment: { name: 'dev', type: 'development', namespace },
      ...options,
      config,
    });
    try {
      const result = await stepType.run(context);
      return { outputs: result?.outputs, lines };
    } catch (error) {
      throw Object.assign(error as Error, { lines });
    }
  }

  const failure = (config: JsonObject, options?: Partial<TestStepOptions>) =>
    run(config, options).then(
      () => {
        throw new Error('The step should have failed.');
      },
      error =>
        error as Error & { code: string; transient: boolean; lines: string[] },
    );

  const read = (object: KubernetesObject) =>
    cluster.client.read({
      ...object,
      metadata: { ...object.metadata, namespace },
    });

  it('makes the namespace and applies the artifact in the order of a cluster', async () => {
    const manifests = toYaml([
      deployment('example/web'),
      configMap('settings', { a: '0644' }),
    ]);
    const { outputs, lines } = await run(
      { wait: false },
      { artifacts: { manifests } },
    );
    expect(outputs).toEqual({
      namespace,
      applied: 2,
      deleted: [],
      objects: ['ConfigMap/settings', 'Deployment/shop'],
    });
    expect(lines).toEqual([
      `Created namespace "${namespace}".`,
      `Created ConfigMap "settings" in namespace "${namespace}".`,
      `Created Deployment "shop" in namespace "${namespace}".`,
    ]);
    const live = await read(configMap('settings', {}));
    expect(live?.data).toEqual({ a: '0644' });
    const again = await run({ wait: false }, { artifacts: { manifests } });
    expect(again.lines[0]).toBe(
      `Applied ConfigMap "settings" in namespace "${namespace}".`,
    );
  });

  it('waits until the rollout is done and says how it goes', async () => {
    await run({ operation: 'create-namespace' });
    cluster.playNode(namespace);
    const { lines } = await run({ manifest: deployment('example/web') });
    expect(lines[lines.length - 1]).toBe(
      `Deployment "shop" in namespace "${namespace}" has 1 of 1 replicas available.`,
    );
    const waited = await run({
      operation: 'wait',
      manifest: deployment('example/web'),
    });
    expect(waited.lines).toEqual([lines[lines.length - 1]]);
  });

  it('says in plain words why a rollout does not get done', async () => {
    await run({ operation: 'create-namespace' });
    cluster.playNode(namespace);
    const error = await failure({
      manifest: deployment('example/broken'),
      timeout: '2s',
    });
    expect(error).toMatchObject({
      name: 'StepFailure',
      code: 'KUBERNETES_ROLLOUT_FAILED',
      transient: false,
    });
    expect(error.message).toMatch(
      /^Deployment "shop" in namespace "[^"]*" was not rolled out in 2s; it has 0 of 1 replicas available\. Pod "shop-[^"]*", container "web" starts and ends again and again; the last time with exit code 3\./,
    );
    expect(error.lines.join('\n')).toContain(
      '": BackOff. Back-off restarting failed container',
    );
  });

  it('warns once about an image that cannot be pulled', async () => {
    await run({ operation: 'create-namespace' });
    cluster.playNode(namespace);
    const error = await failure({
      manifest: deployment('example/missing'),
      timeout: '1s',
    });
    const pulls = error.lines.filter(line =>
      line.includes('the image "example/missing" cannot be pulled'),
    );
    // Once while waiting, once as the reason at the end.
    expect(pulls).toHaveLength(2);
  });

  it('names the field and its owner when someone else manages it', async () => {
    await run({ wait: false, manifest: deployment('example/web:1') });
    await cluster.client.apply(
      { ...deployment('example/web:2'), metadata: { name: 'shop', namespace } },
      { force: true, fieldManager: 'autoscaler' },
    );
    const error = await failure({
      wait: false,
      manifest: deployment('example/web:3'),
    });
    expect(error).toMatchObject({
      code: 'KUBERNETES_CONFLICT',
      transient: false,
    });
    expect(error.message).toMatch(
      /fields that someone else manages: "\.spec\.template\.spec\.containers.*" belongs to "autoscaler"/,
    );
    await run({
      wait: false,
      force: true,
      manifest: deployment('example/web:3'),
    });
    const live = await read(deployment(''));
    expect(JSON.stringify(live?.spec)).toContain('example/web:3');
  });

  it('puts secrets in right before they are sent, whatever characters they have', async () => {
    const password = 'a"b\n: - $x\'';
    const secret: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'shop-secrets' },
      stringData: { url: `pg://u:${secretToken('resource/1/pw')}@h` },
    };
    const { lines } = await run(
      { wait: false },
      {
        artifacts: { manifests: toYaml([secret]) },
        secrets: { 'resource/1/pw': password },
      },
    );
    const data = async () =>
      (await read(secret))?.data as Record<string, string> | undefined;
    const url = Buffer.from((await data())?.url ?? '', 'base64').toString();
    expect(url).toBe(`pg://u:${password}@h`);
    expect(lines.join('\n')).not.toContain('$x');
    await run(
      { wait: false },
      {
        artifacts: {
          manifests: toYaml([{ ...secret, stringData: { other: 'x' } }]),
        },
      },
    );
    expect(await data()).toEqual({ other: 'eA==' });
  });

  it('refuses to put a secret where everybody can read it', async () => {
    const manifest = configMap('open', {
      password: secretToken('resource/1/pw'),
    });
    const error = await failure(
      { wait: false },
      {
        artifacts: { manifests: toYaml([manifest]) },
        secrets: { 'resource/1/pw': 'x' },
      },
    );
    expect(error).toMatchObject({ code: 'KUBERNETES_SECRET_EXPOSED' });
    expect(await read(manifest)).toBeUndefined();
  });

  it('passes on why the cluster refuses an object', async () => {
    const error = await failure({
      wait: false,
      manifest: deployment('example/web', -1),
    });
    expect(error).toMatchObject({
      code: 'KUBERNETES_INVALID',
      transient: false,
    });
    expect(error.message).toContain('must be greater than or equal to 0');
  });

  it('names a kind that the cluster does not know', async () => {
    const error = await failure({
      wait: false,
      manifest:
        'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n',
    });
    expect(error).toMatchObject({
      code: 'KUBERNETES_KIND_UNKNOWN',
      message: expect.stringContaining('"Thing" in "example.com/v1"'),
    });
  });

  it('reads objects without showing what a Secret holds', async () => {
    const objects = [
      configMap('settings', { a: 'b' }),
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'hidden' },
        stringData: { a: 'topsecret' },
      },
    ];
    await run({ wait: false, manifest: objects });
    const { outputs } = await run({
      operation: 'get',
      manifest: [...objects, configMap('nowhere', {})],
    });
    expect(outputs).toMatchObject({
      found: false,
      objects: [
        { kind: 'ConfigMap', name: 'settings', found: true, data: { a: 'b' } },
        { kind: 'Secret', name: 'hidden', found: true },
        { kind: 'ConfigMap', name: 'nowhere', found: false },
      ],
    });
    expect(JSON.stringify(outputs)).not.toContain('topsecret');
    expect(JSON.stringify(outputs)).not.toContain(
      Buffer.from('topsecret').toString('base64'),
    );
  });

  it('deletes in the opposite order, waits, and does not mind what is gone', async () => {
    const manifest = [configMap('settings', {}), deployment('example/web')];
    await run({ wait: false, manifest });
    const { outputs } = await run({
      operation: 'delete',
      manifest,
      wait: true,
    });
    expect(outputs).toEqual({
      namespace,
      deleted: ['Deployment/shop', 'ConfigMap/settings'],
    });
    expect(await read(manifest[1])).toBeUndefined();
    const again = await run({ operation: 'delete', manifest });
    expect(again.outputs).toEqual({ namespace, deleted: [] });
    expect(again.lines[0]).toBe(
      `Deployment "shop" in namespace "${namespace}" is gone already.`,
    );
  });

  it('ends as soon as the run is cancelled', async () => {
    const controller = new AbortController();
    const started = run(
      { manifest: deployment('example/web'), timeout: '1h' },
      { signal: controller.signal },
    );
    const outcome = started.then(
      () => 'done',
      error => (error as Error).name,
    );
    await sleep(500);
    controller.abort();
    expect(await outcome).toBe('AbortError');
  });

  it('says when the run has no manifests', async () => {
    expect(await failure({})).toMatchObject({
      code: 'KUBERNETES_MANIFESTS_MISSING',
    });
    expect(await failure({ manifest: 'a: [' })).toMatchObject({
      code: 'KUBERNETES_MANIFESTS_INVALID',
    });
  });
});
