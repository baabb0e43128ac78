import {
  JsonObject,
  KubernetesObject,
  secretToken,
  toYaml,
  UndoneStep,
} from '@innominatus/backstage-plugin-innominatus-common';
import { createTestStep } from '../__testUtils__/stepContext';
import { TestCluster } from '../__testUtils__/TestCluster';
import { ApiTransport } from '../cluster/ApiTransport';
import { loadKubeConfig } from '../cluster/loadKubeConfig';
import { createKubernetesStepType } from '../createKubernetesStepType';

jest.setTimeout(120_000);

const LABELS = {
  'app.kubernetes.io/instance': 'dev-shop',
  'app.kubernetes.io/managed-by': 'innominatus',
};

const configMap = (
  name: string,
  data: Record<string, string> = { level: 'info' },
): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: LABELS },
  data,
});

const secret = (value: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'credentials', labels: LABELS },
  stringData: { password: value },
});

const deployment = (
  container: JsonObject,
  pod: JsonObject = {},
): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop', labels: LABELS },
  spec: {
    selector: { matchLabels: { app: 'shop' } },
    template: {
      metadata: { labels: { app: 'shop' } },
      spec: { ...pod, containers: [{ name: 'web', ...container }] },
    },
  },
});

/** What a run has kept, and the manifests that it delivered. */
interface Ran {
  id: string;
  manifests: KubernetesObject[];
  stored: Map<string, string>;
  kept: Map<string, string>;
}

interface DeploymentSpec {
  replicas?: number;
  template: {
    spec: { containers: Array<{ env?: object[] }>; volumes?: object[] };
  };
}

const specOf = (object: KubernetesObject | undefined) =>
  object?.spec as unknown as DeploymentSpec;

describe('undo of what was applied', () => {
  let cluster: TestCluster;
  let transport: ApiTransport;
  let namespace: string;
  let runs: number;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    transport = ApiTransport.create({
      cluster: 'test',
      kubeConfig: loadKubeConfig(cluster.config),
      signal: new AbortController().signal,
    });
  });
  afterAll(async () => {
    await transport.close();
    await cluster.stop();
  });
  beforeEach(() => {
    namespace = cluster.newNamespace();
    runs = 0;
  });

  const stepType = () =>
    createKubernetesStepType({ clusters: [cluster.config], pollMs: 30 });

  function contextOf(ran: Ran, config: JsonObject, signal?: AbortSignal) {
    const { context, lines } = createTestStep({
      config: { wait: false, ...config },
      stored: ran.stored,
      kept: ran.kept,
      signal,
      application: { environment: 'dev', name: 'shop' },
      environment: { name: 'dev', type: 'development', namespace },
    });
    return {
      context: { ...context, run: { ...context.run, id: ran.id } },
      lines,
    };
  }

  function newRun(
    manifests: KubernetesObject[],
    secrets: Record<string, string> = {},
  ): Ran {
    runs += 1;
    return {
      id: `run-${runs}`,
      manifests,
      stored: new Map([['manifests', toYaml(manifests)]]),
      kept: new Map(Object.entries(secrets)),
    };
  }

  /** Runs the step, and lets it fail. */
  async function start(ran: Ran, config: JsonObject = {}): Promise<Ran> {
    await stepType()
      .run(contextOf(ran, config).context)
      .catch(() => {});
    return ran;
  }

  async function deploy(
    manifests: KubernetesObject[],
    config: JsonObject = {},
    secrets: Record<string, string> = {},
  ): Promise<Ran> {
    const ran = newRun(manifests, secrets);
    await stepType().run(contextOf(ran, config).context);
    return ran;
  }

  const undoneOf = (ran: Ran): UndoneStep => ({
    run: { id: ran.id, number: 7 },
    status: 'succeeded',
    keys: [],
    outputs: {},
  });

  async function undo(ran: Ran, config: JsonObject = {}, signal?: AbortSignal) {
    const { context, lines } = contextOf(ran, config, signal);
    const result = await stepType().undo!({
      ...context,
      run: { ...context.run, id: `undo-of-${ran.id}` },
      undone: undoneOf(ran),
    });
    return { outputs: result?.outputs, lines };
  }

  const warnings = (ran: Ran) =>
    stepType().undoWarnings!({
      ...contextOf(ran, {}).context,
      undone: undoneOf(ran),
    });

  const place = (object: KubernetesObject) => ({
    ...object,
    metadata: { ...object.metadata, namespace },
  });

  const read = (object: KubernetesObject) => cluster.client.read(place(object));

  const inventory = async () => {
    const live = await read(configMap('innominatus-inventory-dev-shop'));
    const { objects = '[]' } = (live?.data ?? {}) as Record<string, string>;
    return (JSON.parse(objects) as KubernetesObject[])
      .map(({ metadata }) => metadata.name)
      .sort();
  };

  /** Writes as an editor does, which knows nothing of server-side apply. */
  const edit = async (name: string, patch: JsonObject) => {
    const { status } = await transport.send({
      method: 'PATCH',
      path: `/api/v1/namespaces/${namespace}/configmaps/${name}`,
      query: { fieldManager: 'kubectl-edit' },
      contentType: 'application/merge-patch+json',
      body: patch,
    });
    expect(status).toBe(200);
  };

  it('deletes what was created, puts back what was changed or removed, and can be done twice', async () => {
    await deploy([configMap('changed'), configMap('removed')]);
    const second = await deploy([
      configMap('changed', { level: 'debug', extra: 'yes' }),
      configMap('created'),
    ]);
    expect(await read(configMap('removed'))).toBeUndefined();
    expect(await inventory()).toEqual(['changed', 'created']);
    expect(await warnings(second)).toEqual([]);
    const { outputs } = await undo(second);
    expect(outputs).toEqual({
      namespace,
      deleted: ['ConfigMap/created'],
      restored: ['ConfigMap/changed', 'ConfigMap/removed'],
      left: [],
    });
    const changed = await read(configMap('changed'));
    expect(changed?.data).toEqual({ level: 'info' });
    expect((await read(configMap('removed')))?.data).toEqual({ level: 'info' });
    expect(await read(configMap('created'))).toBeUndefined();
    expect(await inventory()).toEqual(['changed', 'removed']);
    const again = await undo(second);
    expect(again.outputs).toMatchObject({
      deleted: [],
      restored: [],
      left: [],
    });
    expect(again.lines.join('\n')).toContain('is as it was before already');
    expect((await read(configMap('changed')))?.metadata).toEqual(
      changed?.metadata,
    );
    // The deployment after it is none of an undo any more.
    await deploy([configMap('changed'), configMap('removed')]);
  });

  it('takes a first deployment away as a whole', async () => {
    const first = await deploy([
      configMap('one'),
      deployment({ image: 'example/web:1' }),
    ]);
    const { outputs, lines } = await undo(first);
    expect(outputs).toMatchObject({
      deleted: ['Deployment/shop', 'ConfigMap/one'],
    });
    expect(lines).toEqual([
      `Deleted Deployment "shop" in namespace "${namespace}".`,
      `Deleted ConfigMap "one" in namespace "${namespace}".`,
    ]);
    expect(await inventory()).toEqual([]);
    expect(
      await cluster.client.read({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      }),
    ).toBeDefined();
  });

  it('puts every field of a workload back, and leaves those of others', async () => {
    const before = deployment(
      {
        image: 'example/web:1',
        args: ['serve'],
        env: [
          { name: 'LEVEL', value: 'info' },
          { name: 'GONE', value: 'later' },
        ],
        ports: [{ containerPort: 80, protocol: 'TCP' }],
        volumeMounts: [{ name: 'scratch', mountPath: '/tmp' }],
        resources: { limits: { cpu: '1', memory: '64Mi' } },
      },
      { volumes: [{ name: 'scratch', emptyDir: {} }] },
    );
    await deploy([before]);
    const applied = await read(before);
    const second = await deploy([
      deployment({
        image: 'example/web:2',
        env: [
          { name: 'LEVEL', value: 'debug' },
          { name: 'NEW', value: 'one' },
        ],
        ports: [{ containerPort: 8080, protocol: 'TCP' }],
      }),
    ]);
    // Somebody scales it, and somebody adds a variable.
    await cluster.client.apply(
      place({
        ...before,
        metadata: { name: 'shop' },
        spec: {
          replicas: 3,
          selector: { matchLabels: { app: 'shop' } },
          template: {
            spec: {
              containers: [
                { name: 'web', env: [{ name: 'THEIRS', value: 'yes' }] },
              ],
            },
          },
        },
      }),
      { force: false, fieldManager: 'jane' },
    );
    await undo(second);
    const live = specOf(await read(before));
    const container = live.template.spec.containers[0];
    expect(live.replicas).toBe(3);
    expect(container.env).toEqual(
      expect.arrayContaining([
        { name: 'LEVEL', value: 'info' },
        { name: 'GONE', value: 'later' },
        { name: 'THEIRS', value: 'yes' },
      ]),
    );
    expect(container.env).toHaveLength(3);
    const old = specOf(applied).template.spec;
    expect({ ...container, env: [] }).toEqual({
      ...old.containers[0],
      env: [],
    });
    expect(live.template.spec.volumes).toEqual(old.volumes);
    // It is ours as before: another deployment meets no conflict.
    await deploy([deployment({ image: 'example/web:3' })]);
  });

  it('leaves what others changed since, and names it before and after', async () => {
    await deploy([configMap('both'), configMap('mine')]);
    const second = await deploy([
      configMap('both', { level: 'debug' }),
      configMap('mine', { level: 'debug' }),
      configMap('edited'),
      configMap('written'),
      configMap('anew'),
      configMap('untouched'),
    ]);
    await edit('both', { data: { level: 'trace' } });
    await edit('mine', { data: { theirs: 'yes' } });
    await edit('edited', { data: { level: 'trace' } });
    await edit('written', { data: { theirs: 'yes' } });
    await cluster.client.delete(place(configMap('anew')));
    await cluster.client.apply(place(configMap('anew')), {
      force: false,
      fieldManager: 'jane',
    });
    const expected = [
      `ConfigMap "both" in namespace "${namespace}" stays as it is: it was changed since.`,
      `ConfigMap "edited" in namespace "${namespace}" stays as it is: it was changed since.`,
      `ConfigMap "written" in namespace "${namespace}" stays as it is: "kubectl-edit" wrote into it since.`,
      `ConfigMap "anew" in namespace "${namespace}" stays as it is: it was deleted and made anew since.`,
    ];
    expect((await warnings(second)).sort()).toEqual([...expected].sort());
    const { outputs, lines } = await undo(second);
    expect(lines).toEqual(expect.arrayContaining(expected));
    expect(outputs).toMatchObject({
      deleted: ['ConfigMap/untouched'],
      restored: ['ConfigMap/mine'],
    });
    const data = async (name: string) => (await read(configMap(name)))?.data;
    expect(await data('both')).toEqual({ level: 'trace' });
    expect(await data('mine')).toEqual({ level: 'info', theirs: 'yes' });
    expect(await data('edited')).toEqual({ level: 'trace' });
    expect(await data('anew')).toEqual({ level: 'info' });
    expect(await inventory()).toEqual(
      ['anew', 'both', 'edited', 'mine', 'written'].sort(),
    );
  });

  it('leaves what a later deployment made of it', async () => {
    await deploy([configMap('a')]);
    const second = await deploy([configMap('a', { level: 'debug' })]);
    await deploy([configMap('a', { level: 'trace' })]);
    expect((await undo(second)).outputs).toMatchObject({
      restored: [],
      left: ['ConfigMap/a'],
    });
    expect((await read(configMap('a')))?.data).toEqual({ level: 'trace' });
  });

  it('puts the values of a Secret back, which are kept encrypted only', async () => {
    const manifest = secret(secretToken('resource/r/password'));
    await deploy([manifest], {}, { 'resource/r/password': 'first-value' });
    const second = await deploy(
      [manifest],
      {},
      { 'resource/r/password': 'second-value' },
    );
    const text = [...second.stored.values()].join('\n');
    for (const value of ['first-value', 'second-value']) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(Buffer.from(value).toString('base64'));
    }
    await undo(second);
    expect((await read(manifest))?.data).toEqual({
      password: Buffer.from('first-value').toString('base64'),
    });
    // Once its values are gone, it says so.
    const third = await deploy(
      [manifest],
      {},
      { 'resource/r/password': 'third-value' },
    );
    const lost = { ...third, kept: new Map(third.kept) };
    [...lost.kept.keys()]
      .filter(name => name.startsWith('undo-'))
      .forEach(name => lost.kept.delete(name));
    const { context } = contextOf(lost, {});
    const failed = await stepType().undo!({
      ...context,
      resolveSecrets: async value => {
        if (JSON.stringify(value).includes('undo-')) {
          throw new Error('There is no such secret');
        }
        return context.resolveSecrets(value);
      },
      undone: undoneOf(lost),
    }).then(
      () => undefined,
      error => error,
    );
    expect(failed).toMatchObject({
      code: 'KUBERNETES_UNDO_INCOMPLETE',
      message: expect.stringContaining('are not kept any more'),
    });
  });

  it('says of which object it is not known what it was, and takes the rest back', async () => {
    const large = configMap('large', { text: 'x'.repeat(300_000) });
    await deploy([
      large,
      configMap('same-large', { text: 'y'.repeat(300_000) }),
    ]);
    const second = await deploy([
      configMap('large', { text: 'short' }),
      configMap('same-large', { text: 'y'.repeat(300_000) }),
      configMap('created'),
    ]);
    const reason = `ConfigMap "large" in namespace "${namespace}" cannot be taken back: it had 3`;
    expect(await warnings(second)).toEqual([expect.stringContaining(reason)]);
    await expect(undo(second)).rejects.toMatchObject({
      code: 'KUBERNETES_UNDO_INCOMPLETE',
      message: expect.stringContaining(reason),
    });
    expect(await read(configMap('created'))).toBeUndefined();
    expect((await read(large))?.data).toEqual({ text: 'short' });
  });

  it('takes back what a step did that failed in the middle', async () => {
    await deploy([configMap('changed')]);
    const broken = deployment({ image: 'example/web:1' });
    const failed = await start(
      newRun([
        configMap('changed', { level: 'debug' }),
        configMap('created'),
        { ...broken, spec: { ...(broken.spec as JsonObject), replicas: -1 } },
      ]),
    );
    expect(await read(configMap('created'))).toBeDefined();
    // A second attempt finds it there, and does not take it for older.
    await start(failed);
    const { outputs } = await undo(failed);
    expect(outputs).toMatchObject({
      deleted: ['ConfigMap/created'],
      restored: ['ConfigMap/changed'],
      left: [],
    });
  });

  it('takes back what was done when the backend died before it was written down', async () => {
    await deploy([configMap('changed')]);
    const ran = newRun([
      configMap('changed', { level: 'debug' }),
      configMap('created'),
    ]);
    const { context } = contextOf(ran, {});
    const writes: string[] = [];
    await stepType().run({
      ...context,
      artifacts: {
        ...context.artifacts,
        write: async (name, content) => {
          writes.push(name);
          // The one at the start, and the one before the first change.
          if (writes.length <= 2) {
            await context.artifacts.write(name, content);
          }
        },
      },
    });
    expect(writes).toEqual(['undo/apply', 'undo/apply', 'undo/apply']);
    expect((await undo(ran)).outputs).toMatchObject({
      deleted: ['ConfigMap/created'],
      restored: ['ConfigMap/changed'],
    });
  });

  it('goes on where an undo was interrupted', async () => {
    const ran = await deploy([configMap('a'), configMap('b')]);
    const abort = new AbortController();
    const { context, lines } = contextOf(ran, {}, abort.signal);
    await expect(
      stepType().undo!({
        ...context,
        log: {
          ...context.log,
          info: line => {
            context.log.info(line);
            abort.abort();
          },
        },
        undone: undoneOf(ran),
      }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(lines).toEqual([
      `Deleted ConfigMap "b" in namespace "${namespace}".`,
    ]);
    const { outputs } = await undo(ran);
    expect(outputs).toMatchObject({ deleted: ['ConfigMap/a'] });
    expect(await inventory()).toEqual([]);
  });

  it('says when nothing was written down, and that other operations have no undo', async () => {
    const ran = newRun([configMap('a')]);
    await expect(undo(ran)).rejects.toMatchObject({
      code: 'KUBERNETES_UNDO_UNKNOWN',
      message: expect.stringContaining('run 7 changed in the cluster is not'),
    });
    await expect(warnings(ran)).rejects.toMatchObject({
      code: 'KUBERNETES_UNDO_UNKNOWN',
    });
    const nothing = await start(ran, { cluster: 'unknown' });
    expect((await undo(nothing)).lines).toEqual([
      'The step changed nothing, so there is nothing to undo.',
    ]);
    const { undoObstacle, schema } = stepType();
    const obstacle = (operation: string) =>
      undoObstacle!(schema.parse({ operation }));
    expect(obstacle('apply')).toBeUndefined();
    expect(obstacle('get')).toBe('It changed nothing.');
    expect(obstacle('delete')).toContain('deploy again');
    expect(obstacle('create-namespace')).toContain('others may use');
  });
});
