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
const VERSIONED = { ...LABELS, 'app.kubernetes.io/version': '1.2.3' };
const SELECTOR = {
  'app.kubernetes.io/instance': 'development-shop',
  'app.kubernetes.io/name': 'shop',
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

describe('renderWorkload', () => {
  it('makes a Deployment of a workload without ports', () => {
    expect(render(renderOptions({}))).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: {
          name: 'shop',
          namespace: 'team-a',
          labels: VERSIONED,
          annotations: { 'k8s.score.dev/workload-name': 'shop' },
        },
        spec: {
          selector: { matchLabels: SELECTOR },
          template: {
            metadata: { labels: VERSIONED },
            spec: { containers: [{ name: 'web', image: 'example/web:1.2.3' }] },
          },
        },
      },
    ]);
  });

  it('makes a Service of the ports, sorted by name', () => {
    const [service] = render(
      renderOptions({
        ports: {
          www: { port: 80, protocol: 'TCP', targetPort: 8080 },
          dns: { port: 53, protocol: 'UDP', targetPort: 53 },
        },
      }),
    );
    expect(service).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'shop', namespace: 'team-a', labels: LABELS },
      spec: {
        selector: SELECTOR,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
          { name: 'www', port: 80, protocol: 'TCP', targetPort: 8080 },
        ],
      },
    });
  });

  it('makes a StatefulSet with a headless Service when the annotation asks for it', () => {
    const manifests = render(
      renderOptions({
        annotations: {
          'k8s.score.dev/kind': 'StatefulSet',
          'k8s.score.dev/service-name': 'store',
          'example.com/team': 'a',
        },
        ports: { www: { port: 80, protocol: 'TCP', targetPort: 80 } },
      }),
    );
    expect(
      manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`),
    ).toEqual(['Service/store-headless', 'Service/store', 'StatefulSet/shop']);
    expect(manifests[0].spec).toEqual({
      clusterIP: 'None',
      selector: SELECTOR,
      ports: [{ name: 'www', port: 80, protocol: 'TCP', targetPort: 80 }],
    });
    expect(manifests[2].spec).toMatchObject({
      serviceName: 'store-headless',
      template: { metadata: { annotations: { 'example.com/team': 'a' } } },
    });
    expect(JSON.stringify(manifests[2].spec)).not.toContain('k8s.score.dev');
  });

  it('refuses a kind it cannot make', () => {
    const { diagnostics } = renderWorkload(
      renderOptions({ annotations: { 'k8s.score.dev/kind': 'DaemonSet' } }),
    );
    expect(diagnostics).toMatchObject([
      {
        severity: 'error',
        code: 'MANIFEST_KIND_UNSUPPORTED',
        message:
          'The annotation "k8s.score.dev/kind" is "DaemonSet", expected one of: Deployment, StatefulSet.',
        pointer: '/metadata/annotations/k8s.score.dev~1kind',
      },
    ]);
  });

  it('asks for the image that the spec leaves open', () => {
    const { diagnostics } = renderWorkload(
      renderOptions({ containers: { web: container({ image: '.' }) } }),
    );
    expect(diagnostics).toMatchObject([
      {
        severity: 'error',
        code: 'MANIFEST_IMAGE_MISSING',
        pointer: '/containers/web/image',
        suggestions: [
          'Add the override "containers.web.image=registry/name:tag".',
        ],
      },
    ]);
  });

  it('gives the same objects whatever the order of keys', () => {
    const one = renderOptions({
      containers: {
        web: container({
          variables: { B: '2', A: '1' },
          files: { '/b': file({ content: 'b' }), '/a': file({ content: 'a' }) },
        }),
      },
    });
    const other = renderOptions({
      containers: {
        web: container({
          variables: { A: '1', B: '2' },
          files: { '/a': file({ content: 'a' }), '/b': file({ content: 'b' }) },
        }),
      },
    });
    expect(JSON.stringify(render(other))).toBe(JSON.stringify(render(one)));
  });

  it('copies compute resources and probes', () => {
    const [{ spec }] = render(
      renderOptions({
        containers: {
          web: container({
            resources: {
              limits: { memory: '128Mi' },
              requests: { cpu: '100m', memory: '64Mi' },
            },
            livenessProbe: { exec: { command: ['true'] } },
            readinessProbe: {
              httpGet: {
                path: '/ready',
                port: 8080,
                scheme: 'HTTPS',
                httpHeaders: [{ name: 'X-A', value: 'b' }],
              },
            },
          }),
        },
      }),
    );
    expect(spec).toHaveProperty('template.spec.containers', [
      {
        name: 'web',
        image: 'example/web:1.2.3',
        resources: {
          limits: { memory: '128Mi' },
          requests: { cpu: '100m', memory: '64Mi' },
        },
        livenessProbe: { exec: { command: ['true'] } },
        readinessProbe: {
          httpGet: {
            path: '/ready',
            port: 8080,
            scheme: 'HTTPS',
            httpHeaders: [{ name: 'X-A', value: 'b' }],
          },
        },
      },
    ]);
  });

  it('keeps "$(NAME)" and "$$" literal in variables, command and args', () => {
    const spec = podSpec(
      render(
        renderOptions({
          containers: {
            web: container({
              command: ['sh', '-c', 'echo $$ $(date)'],
              args: ['$HOME'],
              variables: { A: '$(B)', B: 'cost: 5$$$$', C: '$HOME' },
            }),
          },
        }),
      ),
    );
    expect(spec.containers[0]).toMatchObject({
      command: ['sh', '-c', 'echo $$$ $$(date)'],
      args: ['$HOME'],
      env: [
        { name: 'A', value: '$$(B)' },
        { name: 'B', value: 'cost: 5$$$' },
        { name: 'C', value: '$HOME' },
      ],
    });
  });

  it('shows outputs that are not known yet, also of volumes', () => {
    const manifests = render(
      renderOptions({
        containers: {
          web: container({
            variables: { HOST: 'x-${resources.db.host}' },
            volumes: {
              '/data': { source: '${resources.data}', readOnly: false },
            },
          }),
        },
        resources: {
          db: resource('db'),
          data: resource('data', { type: 'volume' }),
        },
      }),
    );
    const spec = podSpec(manifests);
    expect(spec.containers[0].env).toEqual([
      { name: 'HOST', value: 'x-(known after apply)' },
    ]);
    expect(spec.volumes).toMatchObject([{ source: '(known after apply)' }]);
  });

  it('names the placeholder that has no value', () => {
    const { diagnostics } = renderWorkload(
      renderOptions(
        {
          containers: {
            web: container({ variables: { A: '${resources.db.hosts}' } }),
          },
          resources: { db: resource('db') },
        },
        { resources: { db: { outputs: { host: 'x' } } } },
      ),
    );
    expect(diagnostics).toMatchObject([
      {
        severity: 'error',
        code: 'MANIFEST_PLACEHOLDER',
        pointer: '/containers/web/variables/A',
        message: expect.stringContaining(`key 'hosts' not found`),
      },
    ]);
  });

  it('labels and places the objects of providers, in the order of a cluster', () => {
    const manifests = render(
      renderOptions(
        {},
        {
          extraManifests: [
            {
              apiVersion: 'networking.k8s.io/v1',
              kind: 'Ingress',
              metadata: { name: 'shop' },
              spec: {},
            },
            {
              apiVersion: 'v1',
              kind: 'Namespace',
              metadata: { name: 'extra' },
            },
          ],
        },
      ),
    );
    expect(manifests.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'Deployment',
      'Ingress',
    ]);
    expect(manifests[0].metadata.namespace).toBeUndefined();
    expect(manifests[2].metadata).toEqual({
      name: 'shop',
      namespace: 'team-a',
      labels: LABELS,
    });
  });

  it('refuses two manifests for one object', () => {
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x' },
    };
    const { diagnostics } = renderWorkload(
      renderOptions({}, { extraManifests: [configMap, configMap] }),
    );
    expect(diagnostics).toMatchObject([
      {
        code: 'MANIFEST_DUPLICATE',
        message: 'Two manifests are the same object: ConfigMap "x".',
      },
    ]);
  });
});
