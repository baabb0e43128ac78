import { KubernetesObject } from '@innominatus/backstage-plugin-innominatus-common';
import { ApiTransport } from '../../cluster/ApiTransport';
import { loadKubeConfig } from '../../cluster/loadKubeConfig';
import { TestCluster } from '../TestCluster';

jest.setTimeout(60_000);

type Json = Record<string, any>;

const CORE = '/api/v1/namespaces/NS';
const APPS = '/apis/apps/v1/namespaces/NS';

const configMap = (extra: Json = {}, metadata: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', ...metadata },
  ...extra,
});

const service = (spec: Json, name = 'a'): Json => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec,
});

const workload = (
  container: Json,
  spec: Json = {},
  { kind = 'Deployment', label = 'a' } = {},
): Json => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'a' },
  spec: {
    selector: { matchLabels: { app: 'a' } },
    template: {
      metadata: { labels: { app: label } },
      spec: { containers: [container] },
    },
    ...spec,
  },
});

const WEB = { name: 'web', image: 'example/web' };
const PORT = { port: 80, protocol: 'TCP' };

/** What a server does with an object that it does not have yet. */
const REFUSED: Array<[string, string, Json, number, string]> = [
  [
    'a port of a Service without its protocol, which is a key of the list',
    `${CORE}/services/a`,
    service({ ports: [{ port: 80 }] }),
    500,
    'failed to create typed patch object: .spec.ports: element 0: associative list with keys has an element that omits key field "protocol"',
  ],
  [
    'a quantity that is a number',
    `${APPS}/deployments/a`,
    workload({ ...WEB, resources: { limits: { cpu: 1 } } }),
    500,
    'failed to create typed patch object: .spec.template.spec.containers[name="web"].resources.limits.cpu: expected string, got',
  ],
  [
    'a quantity of a claim that is a number',
    `${CORE}/persistentvolumeclaims/a`,
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'a' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: 1 } },
      },
    },
    500,
    '.spec.resources.requests.storage: expected string, got',
  ],
  [
    'a quantity that is none',
    `${APPS}/deployments/a`,
    workload({ ...WEB, resources: { limits: { cpu: 'many' } } }),
    500,
    'quantities must match the regular expression',
  ],
  [
    'a field that there is not',
    `${APPS}/deployments/a`,
    workload({ ...WEB, bogus: 1 }),
    500,
    '.spec.template.spec.containers[name="web"].bogus: field not declared in schema',
  ],
  [
    'a number where a text belongs',
    `${CORE}/configmaps/a`,
    configMap({ data: { port: 80 } }),
    500,
    '.data.port: expected string, got',
  ],
  [
    'a text where a number belongs',
    `${APPS}/deployments/a`,
    workload(WEB, { replicas: '1' }),
    500,
    '.spec.replicas: expected numeric (int or float), got',
  ],
  [
    'a map where a list belongs',
    `${APPS}/deployments/a`,
    workload({ ...WEB, env: { A: 'b' } }),
    500,
    '.spec.template.spec.containers[name="web"].env: expected list, got',
  ],
  [
    'two items of a list with the same key',
    `${APPS}/deployments/a`,
    workload({
      ...WEB,
      ports: [{ containerPort: 80 }, { containerPort: 80 }],
    }),
    500,
    '.ports: duplicate entries for key [containerPort=80,protocol="TCP"]',
  ],
  [
    'values of a Secret that are not base64',
    `${CORE}/secrets/a`,
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a' },
      data: { a: 'not base64!' },
    },
    500,
    'illegal base64 data',
  ],
  [
    'a name with capitals',
    `${CORE}/configmaps/Big_Name`,
    configMap({}, { name: 'Big_Name' }),
    422,
    'metadata.name: Invalid value: "Big_Name": a lowercase RFC 1123 subdomain must consist of',
  ],
  [
    'a Service whose name begins with a digit',
    `${CORE}/services/1a`,
    service({ ports: [PORT] }, '1a'),
    422,
    'metadata.name: Invalid value: "1a": a DNS-1035 label must consist of',
  ],
  [
    'a namespace with a dot',
    '/api/v1/namespaces/a.b',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a.b' } },
    422,
    'a lowercase RFC 1123 label must consist of',
  ],
  [
    'a container whose name has capitals',
    `${APPS}/deployments/a`,
    workload({ ...WEB, name: 'Web' }),
    422,
    'spec.template.spec.containers[0].name: Invalid value: "Web": a lowercase RFC 1123 label',
  ],
  [
    'a value of a label that is none',
    `${CORE}/configmaps/a`,
    configMap({}, { labels: { team: 'not valid!' } }),
    422,
    'metadata.labels: Invalid value: "not valid!": a valid label must be',
  ],
  [
    'a key of a ConfigMap with a slash',
    `${CORE}/configmaps/a`,
    configMap({ data: { 'a/b': '1' } }),
    422,
    'data[a/b]: Invalid value: "a/b": a valid config key must consist of',
  ],
  [
    'a container without an image',
    `${APPS}/deployments/a`,
    workload({ name: 'web' }),
    422,
    'Deployment.apps "a" is invalid: spec.template.spec.containers[0].image: Required value',
  ],
  [
    'a container without a name',
    `${APPS}/deployments/a`,
    workload({ image: 'example/web' }),
    422,
    'spec.template.spec.containers[0].name: Required value',
  ],
  [
    'a workload whose labels are not those of its selector',
    `${APPS}/deployments/a`,
    workload(WEB, {}, { label: 'b' }),
    422,
    '`selector` does not match template `labels`',
  ],
  [
    'fewer replicas than none',
    `${APPS}/deployments/a`,
    workload(WEB, { replicas: -1 }),
    422,
    'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ],
  [
    'several ports without names',
    `${CORE}/services/a`,
    service({ ports: [PORT, { ...PORT, port: 81 }] }),
    422,
    'Service "a" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
  ],
  [
    'a job that restarts for ever',
    '/apis/batch/v1/namespaces/NS/jobs/a',
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'a' },
      spec: { template: { spec: { containers: [WEB] } } },
    },
    422,
    'spec.template.spec.restartPolicy: Required value',
  ],
  [
    'an object under another name',
    `${CORE}/configmaps/b`,
    configMap(),
    400,
    'the name of the object (a) does not match the name on the URL (b)',
  ],
  [
    'an object of another namespace',
    `${CORE}/configmaps/a`,
    configMap({}, { namespace: 'other' }),
    400,
    'the namespace of the object (other) does not match the namespace on the request',
  ],
];

/** What cannot be made of an object that is there. */
const FIXED: Array<[string, string, Json, Json, string]> = [
  [
    'the selector of a Deployment',
    `${APPS}/deployments/a`,
    workload(WEB),
    workload(WEB, { selector: { matchLabels: { app: 'b' } } }, { label: 'b' }),
    'spec.selector: Invalid value',
  ],
  [
    'the selector of a StatefulSet',
    `${APPS}/statefulsets/a`,
    workload(WEB, { serviceName: 'a' }, { kind: 'StatefulSet' }),
    workload(
      WEB,
      { serviceName: 'a', selector: { matchLabels: { app: 'b' } } },
      { kind: 'StatefulSet', label: 'b' },
    ),
    "Forbidden: updates to statefulset spec for fields other than 'replicas', 'template', and 'updateStrategy' are forbidden",
  ],
  [
    'the service of a StatefulSet',
    `${APPS}/statefulsets/a`,
    workload(WEB, { serviceName: 'a' }, { kind: 'StatefulSet' }),
    workload(WEB, { serviceName: 'b' }, { kind: 'StatefulSet' }),
    "Forbidden: updates to statefulset spec for fields other than 'replicas', 'template', and 'updateStrategy' are forbidden",
  ],
  [
    'how a claim is accessed',
    `${CORE}/persistentvolumeclaims/a`,
    claim('ReadWriteOnce'),
    claim('ReadWriteMany'),
    'Forbidden: spec is immutable after creation except resources.requests for bound claims',
  ],
];

function claim(mode: string): Json {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'a' },
    spec: {
      accessModes: [mode],
      resources: { requests: { storage: '1Gi' } },
    },
  };
}

// The same on a real server, when a kubeconfig is named: what the double does
// is what a server does.
describe('the API server of the tests', () => {
  let cluster: TestCluster;
  let transport: ApiTransport;
  let namespace: string;

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
  beforeEach(async () => {
    namespace = cluster.newNamespace();
    await cluster.client.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
  });
  afterEach(async () => {
    await cluster.client.delete({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
  });

  async function send(
    method: 'PATCH' | 'DELETE' | 'GET',
    path: string,
    body?: Json,
    {
      type = 'application/apply-patch+yaml',
      manager = 'test',
      force = false,
    } = {},
  ) {
    const answer = await transport.send({
      method,
      path: path.replace('/NS/', `/${namespace}/`),
      query: { fieldManager: manager, force: force ? 'true' : undefined },
      contentType: method === 'PATCH' ? type : undefined,
      body,
    });
    return { status: answer.status, body: answer.body as Json };
  }

  const fieldsOf = (body: Json, manager: string) =>
    body.metadata.managedFields.find((entry: Json) => entry.manager === manager)
      ?.fieldsV1;

  it.each(REFUSED)('refuses %s', async (_, path, object, status, message) => {
    const answer = await send('PATCH', path, object);
    expect(answer).toMatchObject({
      status,
      body: { kind: 'Status', message: expect.stringContaining(message) },
    });
    expect((await send('GET', path)).status).toBe(404);
  });

  it.each(FIXED)(
    'does not change %s',
    async (_, path, first, then, message) => {
      expect((await send('PATCH', path, first)).status).toBe(201);
      expect(await send('PATCH', path, then)).toMatchObject({
        status: 422,
        body: { message: expect.stringContaining(message) },
      });
    },
  );

  it('does not change the address of a Service', async () => {
    const path = `${CORE}/services/a`;
    const made = await send('PATCH', path, service({ ports: [PORT] }));
    const { clusterIP } = made.body.spec;
    const other = clusterIP === '10.96.0.99' ? '10.96.0.98' : '10.96.0.99';
    expect(
      await send('PATCH', path, service({ ports: [PORT], clusterIP: other })),
    ).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('may not change once set') },
    });
    const again = await send('PATCH', path, service({ ports: [PORT] }));
    expect(again.body.spec.clusterIP).toBe(clusterIP);
  });

  it('takes the protocol of a port of a container as given', async () => {
    const path = `${APPS}/deployments/a`;
    const { status, body } = await send(
      'PATCH',
      path,
      workload({ ...WEB, ports: [{ containerPort: 80 }] }),
    );
    expect(status).toBe(201);
    expect(JSON.stringify(fieldsOf(body, 'test'))).toContain(
      JSON.stringify('k:{"containerPort":80,"protocol":"TCP"}'),
    );
  });

  it('writes down who manages which field', async () => {
    const { body } = await send(
      'PATCH',
      `${APPS}/deployments/a`,
      workload({
        ...WEB,
        args: ['serve'],
        env: [{ name: 'A', value: 'b' }],
        resources: {},
      }),
    );
    expect(fieldsOf(body, 'test')).toEqual({
      'f:spec': {
        'f:selector': {},
        'f:template': {
          'f:metadata': { 'f:labels': { 'f:app': {} } },
          'f:spec': {
            'f:containers': {
              'k:{"name":"web"}': {
                '.': {},
                'f:args': {},
                'f:env': {
                  'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} },
                },
                'f:image': {},
                'f:name': {},
              },
            },
          },
        },
      },
    });
  });

  it('merges what several apply, and names whose field it is', async () => {
    const path = `${CORE}/configmaps/a`;
    await send('PATCH', path, configMap({ data: { mine: '1', both: '1' } }));
    const hers = configMap({ data: { hers: '1', both: '2' } });
    expect(await send('PATCH', path, hers, { manager: 'jane' })).toMatchObject({
      status: 409,
      body: {
        reason: 'Conflict',
        details: {
          causes: [
            {
              reason: 'FieldManagerConflict',
              message: expect.stringContaining('conflict with "test"'),
              field: '.data.both',
            },
          ],
        },
      },
    });
    const taken = await send('PATCH', path, hers, {
      manager: 'jane',
      force: true,
    });
    expect(taken.body.data).toEqual({ mine: '1', both: '2', hers: '1' });
    expect(fieldsOf(taken.body, 'test')).toEqual({
      'f:data': { 'f:mine': {} },
    });
    // What is left out goes, unless somebody else manages it.
    const left = await send('PATCH', path, configMap(), { manager: 'jane' });
    expect(left.body.data).toEqual({ mine: '1' });
  });

  it('gives a field to whoever edits it', async () => {
    const path = `${CORE}/configmaps/a`;
    await send('PATCH', path, configMap({ data: { a: '1', b: '1' } }));
    const { body } = await send(
      'PATCH',
      path,
      { data: { a: '2', c: '1' } },
      { type: 'application/merge-patch+json', manager: 'editor' },
    );
    expect(body.data).toEqual({ a: '2', b: '1', c: '1' });
    expect(fieldsOf(body, 'test')).toEqual({ 'f:data': { 'f:b': {} } });
    expect(fieldsOf(body, 'editor')).toEqual({
      'f:data': { 'f:a': {}, 'f:c': {} },
    });
    expect(
      (await send('PATCH', path, configMap({ data: { a: '1', b: '1' } })))
        .status,
    ).toBe(409);
  });

  it('keeps the version of what does not change, and asks for it when it is named', async () => {
    const path = `${CORE}/configmaps/a`;
    const first = await send('PATCH', path, configMap({ data: { a: '1' } }));
    const same = await send('PATCH', path, configMap({ data: { a: '1' } }));
    const { uid, resourceVersion } = first.body.metadata;
    expect(same.body.metadata).toMatchObject({ uid, resourceVersion });
    const then = await send('PATCH', path, configMap({ data: { a: '2' } }));
    expect(then.body.metadata.uid).toBe(uid);
    expect(then.body.metadata.resourceVersion).not.toBe(resourceVersion);
    const late = configMap({ data: { a: '3' } }, { resourceVersion });
    expect((await send('PATCH', path, late)).status).toBe(409);
    const refused = [{ resourceVersion }, { uid: 'another' }];
    for (const preconditions of refused) {
      expect(
        await send('DELETE', path, { kind: 'DeleteOptions', preconditions }),
      ).toMatchObject({
        status: 409,
        body: { message: expect.stringContaining('in the precondition (') },
      });
    }
    const preconditions = then.body.metadata as KubernetesObject['metadata'];
    expect(
      await send('DELETE', path, {
        kind: 'DeleteOptions',
        preconditions: {
          uid,
          resourceVersion: (preconditions as Json).resourceVersion,
        },
      }),
    ).toMatchObject({ status: 200, body: { status: 'Success' } });
    expect((await send('GET', path)).status).toBe(404);
  });
});
