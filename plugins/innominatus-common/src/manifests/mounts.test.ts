import { JsonObject } from '../json';
import { renderWorkload } from './renderWorkload';
import {
  container,
  file,
  renderOptions,
  resource,
} from './__testUtils__/workloads';
import { KubernetesObject } from './types';

function spec(manifests: KubernetesObject[]): Record<string, any> {
  const controller = manifests.find(({ kind }) =>
    ['Deployment', 'StatefulSet'].includes(kind),
  ) as Record<string, any> | undefined;
  return controller?.spec;
}

const data = resource('data', { type: 'volume' });

describe('files', () => {
  it('mounts each file by itself, with its mode and expanded content', () => {
    const { manifests, diagnostics } = renderWorkload(
      renderOptions({
        containers: {
          web: container({
            files: {
              '/etc/app.conf': file({
                content: 'name=${metadata.name}',
                mode: '0600',
              }),
              '/etc/raw.conf': file({
                content: '${metadata.name}',
                noExpand: true,
              }),
              '/etc/logo.bin': file({ binaryContent: 'ADBgwpA=' }),
            },
          }),
        },
      }),
    );
    expect(diagnostics).toEqual([]);
    const maps = manifests.filter(({ kind }) => kind === 'ConfigMap');
    expect(
      maps.map(({ data: text, binaryData }) => text ?? binaryData),
    ).toEqual([
      { content: 'name=shop' },
      { content: 'ADBgwpA=' },
      { content: '${metadata.name}' },
    ]);
    const { template } = spec(manifests);
    const [volume] = template.spec.volumes;
    expect(volume).toEqual({
      name: volume.name,
      configMap: {
        name: `shop-${volume.name}`,
        items: [{ key: 'content', path: 'content', mode: 0o600 }],
      },
    });
    expect(template.spec.containers[0].volumeMounts[0]).toEqual({
      name: volume.name,
      mountPath: '/etc/app.conf',
      subPath: 'content',
      readOnly: true,
    });
  });

  it('restarts the pods when the content of a file changes', () => {
    const hashWith = (content: string) =>
      spec(
        renderWorkload(
          renderOptions({
            containers: {
              web: container({ files: { '/a': file({ content }) } }),
            },
          }),
        ).manifests,
      ).template.metadata.annotations['innominatus.dev/config-hash'];
    expect(hashWith('one')).toMatch(/^[0-9a-f]{10}$/);
    expect(hashWith('one')).toBe(hashWith('one'));
    expect(hashWith('one')).not.toBe(hashWith('two'));
  });

  it('never gives two volumes one name, even for one target in two containers', () => {
    const files = { '/etc/app.conf': file({ content: 'x' }) };
    const volumes = {
      '/data': { source: '${resources.data}', readOnly: false },
    };
    const { manifests, diagnostics } = renderWorkload(
      renderOptions(
        {
          containers: {
            one: container({ files, volumes }),
            two: container({ files, volumes }),
          },
          resources: { data },
        },
        { resources: { data: { outputs: { source: { emptyDir: {} } } } } },
      ),
    );
    expect(diagnostics).toEqual([]);
    const names = spec(manifests).template.spec.volumes.map((v: any) => v.name);
    expect(names).toHaveLength(3);
    expect(new Set(names).size).toBe(3);
  });

  it('says that a file of the repository did not come along, and takes it when it did', () => {
    const options = renderOptions({
      containers: {
        web: container({ files: { '/a': file({ source: 'a.txt' }) } }),
      },
    });
    expect(renderWorkload(options).diagnostics).toMatchObject([
      {
        severity: 'error',
        code: 'MANIFEST_FILE_SOURCE',
        pointer: '/containers/web/files/~1a/source',
      },
    ]);
    const { manifests, diagnostics } = renderWorkload({
      ...options,
      sourceFiles: { 'a.txt': 'from ${metadata.name}' },
    });
    expect(diagnostics).toEqual([]);
    expect(manifests[0].data).toEqual({ content: 'from shop' });
  });

  it('refuses a file that no cluster stores', () => {
    const { diagnostics } = renderWorkload(
      renderOptions({
        containers: {
          web: container({
            files: { '/a': file({ content: 'x'.repeat(1024 * 1024 + 1) }) },
          }),
        },
      }),
    );
    expect(diagnostics).toMatchObject([{ code: 'MANIFEST_FILE_TOO_LARGE' }]);
  });

  it('refuses a file and a volume on one target', () => {
    const { diagnostics } = renderWorkload(
      renderOptions(
        {
          containers: {
            web: container({
              files: { '/data': file({ content: 'x' }) },
              volumes: { '/data': { source: 'data', readOnly: false } },
            }),
          },
          resources: { data },
        },
        { resources: { data: { outputs: { source: { emptyDir: {} } } } } },
      ),
    );
    expect(diagnostics).toMatchObject([{ code: 'MANIFEST_DUPLICATE_TARGET' }]);
  });
});

describe('volumes', () => {
  const mounted = (over = {}) => ({
    containers: {
      web: container({
        volumes: {
          '/data': { source: '${resources.data}', readOnly: false, ...over },
        },
      }),
    },
    resources: { data },
  });

  it('mounts the volume source that the provider answers', () => {
    const { manifests, diagnostics } = renderWorkload(
      renderOptions(mounted({ path: '/sub/path', readOnly: true }), {
        resources: {
          data: {
            outputs: { source: { persistentVolumeClaim: { claimName: 'c' } } },
          },
        },
      }),
    );
    expect(diagnostics).toEqual([]);
    const pod = spec(manifests).template.spec;
    const { name } = pod.volumes[0];
    expect(pod.volumes).toEqual([
      { name, persistentVolumeClaim: { claimName: 'c' } },
    ]);
    expect(pod.containers[0].volumeMounts).toEqual([
      { name, mountPath: '/data', subPath: 'sub/path', readOnly: true },
    ]);
  });

  it('makes a claim template for a StatefulSet and a claim for a Deployment', () => {
    const claimSpec = {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    };
    const outputs = { resources: { data: { outputs: { claimSpec } } } };
    const set = spec(
      renderWorkload(
        renderOptions(
          {
            ...mounted(),
            annotations: { 'k8s.score.dev/kind': 'StatefulSet' },
          },
          outputs,
        ),
      ).manifests,
    );
    const { name } = set.template.spec.containers[0].volumeMounts[0];
    expect(set.volumeClaimTemplates).toEqual([
      { metadata: { name }, spec: claimSpec },
    ]);
    expect(set.template.spec.volumes).toBeUndefined();

    const { manifests } = renderWorkload(renderOptions(mounted(), outputs));
    expect(manifests[0]).toMatchObject({
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'volume-default-shop-data-e60122' },
      spec: claimSpec,
    });
    expect(spec(manifests).template.spec.volumes).toEqual([
      {
        name,
        persistentVolumeClaim: { claimName: 'volume-default-shop-data-e60122' },
      },
    ]);
  });

  it.each([
    ['no resource', { source: 'nothing' }, {}, 'MANIFEST_VOLUME_SOURCE'],
    [
      'a path out of the volume',
      { path: 'a/../../b' },
      { source: {} },
      'MANIFEST_VOLUME_PATH',
    ],
    [
      'outputs without a volume',
      {},
      { source: 'text' },
      'MANIFEST_VOLUME_OUTPUTS',
    ],
  ])('refuses %s', (_case, over, outputs, code) => {
    const { diagnostics } = renderWorkload(
      renderOptions(mounted(over), { resources: { data: { outputs } } }),
    );
    expect(diagnostics).toMatchObject([{ severity: 'error', code }]);
  });
});

describe('before', () => {
  const health = { httpGet: { path: '/', port: 80 } };
  const render = (containers: Record<string, ReturnType<typeof container>>) => {
    const { manifests, diagnostics } = renderWorkload(
      renderOptions({ containers }),
    );
    const pod = spec(manifests).template.spec;
    return {
      diagnostics,
      codes: diagnostics.map(({ code }) => code),
      init: (pod.initContainers ?? []) as JsonObject[],
      main: pod.containers.map((c: any) => c.name),
    };
  };

  it('runs a container to its end before another one starts', () => {
    const { init, main, codes } = render({
      web: container(),
      migrate: container({ before: { web: { ready: 'complete' } } }),
    });
    expect(init).toEqual([{ name: 'migrate', image: 'example/web:1.2.3' }]);
    expect(main).toEqual(['web']);
    expect(codes).toEqual([]);
  });

  it('starts a sidecar that others wait for, healthy when they ask for it', () => {
    const { init, main, codes } = render({
      web: container(),
      proxy: container({
        before: { web: { ready: 'healthy' } },
        readinessProbe: health,
      }),
      agent: container({ before: { proxy: { ready: 'started' } } }),
    });
    expect(codes).toEqual([]);
    expect(init.map(c => [c.name, c.restartPolicy])).toEqual([
      ['agent', 'Always'],
      ['proxy', 'Always'],
    ]);
    expect(init[0].startupProbe).toBeUndefined();
    expect(init[1]).toMatchObject({
      readinessProbe: health,
      startupProbe: { ...health, failureThreshold: 150 },
    });
    expect(main).toEqual(['web']);
  });

  it('says which of two kinds of a probe counts', () => {
    const { codes, diagnostics } = render({
      web: container({
        livenessProbe: health,
        readinessProbe: { ...health, exec: { command: ['/ready'] } },
      }),
    });
    expect(codes).toEqual(['MANIFEST_PROBE_TWICE']);
    expect(diagnostics[0]).toMatchObject({
      severity: 'warning',
      pointer: '/containers/web/readinessProbe/exec',
    });
  });

  it('says what Kubernetes cannot do with probes', () => {
    const { codes } = render({
      web: container(),
      a: container({
        before: { web: { ready: 'complete' } },
        livenessProbe: health,
      }),
      b: container({ before: { web: { ready: 'healthy' } } }),
    });
    expect(codes).toEqual([
      'MANIFEST_PROBE_IGNORED',
      'MANIFEST_HEALTH_UNKNOWN',
    ]);
  });
});

describe('service', () => {
  it.each([
    [
      'two ports that are the same',
      {
        ports: {
          aa: { port: 80, protocol: 'TCP' as const, targetPort: 1 },
          bb: { port: 80, protocol: 'TCP' as const, targetPort: 2 },
        },
      },
      'MANIFEST_DUPLICATE_PORT',
    ],
    [
      'a name that no Service can have',
      {
        name: '1shop',
        ports: { aa: { port: 80, protocol: 'TCP' as const, targetPort: 80 } },
      },
      'MANIFEST_SERVICE_NAME',
    ],
  ])('refuses %s', (_case, workload, code) => {
    const { diagnostics } = renderWorkload(renderOptions(workload));
    expect(diagnostics).toMatchObject([{ severity: 'error', code }]);
  });
});
