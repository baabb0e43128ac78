import { ConfigReader } from '@backstage/config';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { ClusterClient } from './ClusterClient';
import { toConnectionFailure, toStepFailure } from './errors';
import { loadKubeConfig } from './loadKubeConfig';
import { ClusterConfig, readClusters } from './readClusters';
import { selectCluster } from './selectCluster';

const configWith = (clusters: object[]) =>
  new ConfigReader({
    innominatus: { stepTypes: { kubernetes: { clusters } } },
  });

const thrown = (action: () => unknown): Error | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    return error as Error;
  }
};

describe('readClusters', () => {
  it('reads all three ways to a cluster', () => {
    expect(
      readClusters(
        configWith([
          {
            name: 'a',
            url: 'https://a',
            caData: 'Y2E=',
            serviceAccountToken: 't',
          },
          { name: 'b', kubeconfig: '/k', context: 'x' },
          { name: 'c', inCluster: true },
        ]),
      ),
    ).toEqual([
      {
        name: 'a',
        type: 'url',
        url: 'https://a',
        caData: 'Y2E=',
        skipTLSVerify: false,
        serviceAccountToken: 't',
      },
      { name: 'b', type: 'kubeconfig', path: '/k', context: 'x' },
      { name: 'c', type: 'inCluster' },
    ]);
    expect(readClusters(new ConfigReader({}))).toEqual([]);
  });

  it.each([
    [[{ name: 'a' }], 'needs exactly one of'],
    [
      [{ name: 'a', url: 'https://a', inCluster: true }],
      'needs exactly one of',
    ],
    [[{ name: 'a', url: 'http://a' }], 'has to start with "https://"'],
    [
      [
        { name: 'a', inCluster: true },
        { name: 'a', inCluster: true },
      ],
      'Two clusters have the name "a"',
    ],
  ])('refuses %j', (clusters, message) => {
    expect(() => readClusters(configWith(clusters))).toThrow(message);
  });
});

describe('selectCluster', () => {
  const cluster = (name: string): ClusterConfig => ({
    name,
    type: 'inCluster',
  });
  const two = [cluster('a'), cluster('b')];

  it('prefers the step, then the environment, then the only one', () => {
    expect(selectCluster(two, { step: 'b', environment: 'a' }).name).toBe('b');
    expect(selectCluster(two, { environment: 'a' }).name).toBe('a');
    expect(selectCluster([cluster('a')], {}).name).toBe('a');
  });

  it.each([
    [[], {}, 'No cluster is configured'],
    [two, {}, 'There are several clusters ("a", "b")'],
    [two, { step: 'c' }, 'There is no cluster "c". Configured are: "a", "b".'],
  ])('says what is missing', (clusters, wanted, message) => {
    expect(() => selectCluster(clusters, wanted)).toThrow(message);
  });
});

describe('loadKubeConfig', () => {
  it('does not repeat what a file holds when it cannot be read', () => {
    const error = thrown(() =>
      loadKubeConfig({
        name: 'a',
        type: 'kubeconfig',
        path: '/nowhere/kubeconfig',
      }),
    );
    expect(error).toMatchObject({
      code: 'KUBERNETES_CONFIG_INVALID',
      message: expect.stringContaining('"a" cannot be read (ENOENT)'),
    });
  });
});

describe('failures', () => {
  const subject = { cluster: 'c', object: 'Secret "s"', confidential: true };

  it('keeps values of a Secret out of messages', () => {
    const failure = toStepFailure(
      422,
      {
        reason: 'Invalid',
        message: 'Invalid value: "topsecret"',
        details: {
          causes: [{ field: 'data.a', message: 'Invalid value: "topsecret"' }],
        },
      },
      subject,
    );
    expect(failure.message).toContain('Invalid (data.a)');
    expect(failure.message).not.toContain('topsecret');
  });

  it.each([
    [401, 'KUBERNETES_UNAUTHENTICATED', false],
    [403, 'KUBERNETES_FORBIDDEN', false],
    [404, 'KUBERNETES_NOT_FOUND', false],
    [409, 'KUBERNETES_CONFLICT', true],
    [422, 'KUBERNETES_INVALID', false],
    [429, 'KUBERNETES_UNAVAILABLE', true],
    [503, 'KUBERNETES_UNAVAILABLE', true],
  ])('gives the status %d the code %s', (status, code, transient) => {
    const failure = toStepFailure(
      status,
      { message: 'because' },
      { ...subject, confidential: false },
    );
    expect(failure).toMatchObject({ name: 'StepFailure', code, transient });
  });

  it('takes a field that the server does not have for a mistake, though it answers 500', () => {
    const failure = toStepFailure(
      500,
      {
        message:
          'failed to create typed patch object: .spec.containers[name="a"].restartPolicy: field not declared in schema',
      },
      { ...subject, confidential: false },
    );
    expect(failure).toMatchObject({
      code: 'KUBERNETES_INVALID',
      transient: false,
      message: expect.stringContaining('restartPolicy'),
    });
  });

  it('tells an untrusted certificate from a cluster that does not answer', () => {
    const caused = (code: string) =>
      new TypeError('fetch failed', {
        cause: Object.assign(new Error('x'), { code }),
      });
    expect(
      toConnectionFailure(caused('SELF_SIGNED_CERT_IN_CHAIN'), 'c'),
    ).toMatchObject({
      code: 'KUBERNETES_TLS',
      transient: false,
    });
    expect(toConnectionFailure(caused('ECONNREFUSED'), 'c')).toMatchObject({
      code: 'KUBERNETES_UNREACHABLE',
      transient: true,
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is transient when the cluster does not answer', async () => {
    const client = ClusterClient.create({
      cluster: 'gone',
      kubeConfig: loadKubeConfig({
        name: 'gone',
        type: 'url',
        url: 'http://127.0.0.1:1',
        skipTLSVerify: true,
      }),
      signal: new AbortController().signal,
    });
    const error = await client
      .read({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } })
      .catch(caught => caught);
    expect(error).toBeInstanceOf(StepFailure);
    expect(error).toMatchObject({
      code: 'KUBERNETES_UNREACHABLE',
      transient: true,
    });
    await client.close();
  });
});
