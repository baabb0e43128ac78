import { secretToken } from '../workflow/secretToken';
import { renderWorkload } from './renderWorkload';
import {
  container,
  file,
  renderOptions,
  resource,
} from './__testUtils__/workloads';
import { KubernetesObject, RenderWorkloadOptions } from './types';

const LABELS = {
  'app.kubernetes.io/instance': 'development-shop',
  'app.kubernetes.io/name': 'shop',
  'app.kubernetes.io/managed-by': 'innominatus',
};

function render(options: RenderWorkloadOptions): KubernetesObject[] {
  const { manifests, diagnostics } = renderWorkload(options);
  expect(diagnostics).toEqual([]);
  return manifests;
}

function podSpec(manifests: KubernetesObject[]): Record<string, any> {
  const controller = manifests.find(({ kind }) =>
    ['Deployment', 'StatefulSet'].includes(kind),
  ) as Record<string, any> | undefined;
  return controller?.spec.template.spec;
}

describe('secrets of a workload', () => {
  const password = { $secretRef: 'resource/1/password' };
  const user = { $secretRef: 'resource/1/user' };
  const outputs = { host: 'db.local', port: 5432, password, user };
  const options = (variables: Record<string, string>, files = {}) =>
    renderOptions(
      {
        containers: { web: container({ variables, files }) },
        resources: { db: resource('db') },
      },
      { resources: { db: { outputs } } },
    );

  it('refers to the Secret of the workload where a value is one secret', () => {
    const manifests = render(
      options({
        PASSWORD: '${resources.db.password}',
        HOST: '${resources.db.host}:${resources.db.port}',
      }),
    );
    expect(manifests[0]).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'shop-secrets', namespace: 'team-a', labels: LABELS },
      type: 'Opaque',
      stringData: { 'db.password': secretToken('resource/1/password') },
    });
    expect(podSpec(manifests).containers[0].env).toEqual([
      { name: 'HOST', value: 'db.local:5432' },
      {
        name: 'PASSWORD',
        valueFrom: {
          secretKeyRef: { name: 'shop-secrets', key: 'db.password' },
        },
      },
    ]);
  });

  it('puts helper variables in front of a text around secrets', () => {
    const manifests = render(
      options({
        URL: 'postgres://${resources.db.user}:${resources.db.password}$@${resources.db.host}/$(x)',
      }),
    );
    const { env } = podSpec(manifests).containers[0];
    expect(env).toHaveLength(3);
    const [first, second, url] = env;
    expect(
      [first, second].map(helper => helper.valueFrom.secretKeyRef.key).sort(),
    ).toEqual(['db.password', 'db.user']);
    const helperOf = (key: string) =>
      [first, second].find(helper => helper.valueFrom.secretKeyRef.key === key)
        .name;
    expect(url).toEqual({
      name: 'URL',
      value: `postgres://$(${helperOf('db.user')}):$(${helperOf('db.password')})$@db.local/$$(x)`,
    });
    expect(JSON.stringify(env)).not.toContain('innominatus_secret');
  });

  it('escapes a "$" right before a secret', () => {
    const manifests = render(options({ A: '$$${resources.db.password}' }));
    const [helper, a] = podSpec(manifests).containers[0].env;
    expect(a.value).toBe(`$$$(${helper.name})`);
  });

  it('makes a Secret of a file with a secret in it', () => {
    const manifests = render(
      options(
        {},
        { '/etc/db.ini': file({ content: 'pw=${resources.db.password}\n' }) },
      ),
    );
    expect(manifests.map(({ kind }) => kind)).toEqual(['Secret', 'Deployment']);
    expect(manifests[0].stringData).toEqual({
      content: `pw=${secretToken('resource/1/password')}\n`,
    });
    expect(podSpec(manifests).volumes).toEqual([
      {
        name: expect.stringMatching(/^file-[0-9a-f]{10}$/),
        secret: {
          secretName: manifests[0].metadata.name,
          items: [{ key: 'content', path: 'content' }],
        },
      },
    ]);
  });

  it('refuses a marker written into the spec', () => {
    const { diagnostics } = renderWorkload(
      options({ STOLEN: secretToken('resource/other/password') }),
    );
    expect(diagnostics).toMatchObject([
      {
        severity: 'error',
        code: 'MANIFEST_SECRET_FORGED',
        pointer: '/containers/web/variables/STOLEN',
      },
    ]);
  });

  it('refuses a provider manifest that shows a secret', () => {
    const extra = (kind: string, key: string) =>
      renderWorkload(
        renderOptions(
          {},
          {
            extraManifests: [
              {
                apiVersion: 'v1',
                kind,
                metadata: { name: 'x' },
                [key]: { a: secretToken('resource/1/password') },
              },
            ],
          },
        ),
      ).diagnostics;
    expect(extra('ConfigMap', 'data')).toMatchObject([
      { severity: 'error', code: 'MANIFEST_SECRET_EXPOSED' },
    ]);
    expect(extra('Secret', 'stringData')).toEqual([]);
  });
});
