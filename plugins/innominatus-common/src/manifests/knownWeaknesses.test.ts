import { generateManifests } from '../generate';
import { readScore } from '../score/readScore';
import { KubernetesObject } from './types';
import { toYaml } from './yaml';

// Weaknesses that were read in the source and the documentation of the reference
// implementation of Score. Each one has a test that we do not share it.

interface Pod {
  initContainers?: Array<{ name: string; restartPolicy?: string }>;
  containers: Array<{
    name: string;
    args?: string[];
    env?: Array<{ name: string; value?: string }>;
    volumeMounts?: Array<{ mountPath: string; subPath?: string }>;
  }>;
  volumes?: Array<{ name: string }>;
}

function spec(containers: string, more: string = ''): string {
  return `apiVersion: score.dev/v1b1
metadata: {name: app}
containers:
${containers.replace(/^/gm, '  ')}
${more}`;
}

function generate(score: string, outputs = {}) {
  return generateManifests({ specs: [{ score, file: 'score.yaml' }], outputs });
}

function podOf(manifests: KubernetesObject[]): Pod {
  const workload = manifests.find(
    ({ kind }) => kind === 'Deployment' || kind === 'StatefulSet',
  );
  const { template } = workload!.spec as unknown as { template: { spec: Pod } };
  return template.spec;
}

function expectDifferentVolumes(pod: Pod): void {
  const names = (pod.volumes ?? []).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
}

describe('known weaknesses of Score implementations', () => {
  it('1: "before" has one meaning: the container that has it runs before the one it names', () => {
    const { manifests } = generate(
      spec(`main: {image: 'a:1'}
first: {image: 'a:1', before: {main: {ready: started}}}`),
    );
    const pod = podOf(manifests);
    expect(pod.initContainers?.map(({ name }) => name)).toEqual(['first']);
    expect(pod.containers.map(({ name }) => name)).toEqual(['main']);
  });

  it('2: "before" has an effect in Kubernetes', () => {
    const { manifests } = generate(
      spec(`main: {image: 'a:1'}
sidecar: {image: 'a:1', before: {main: {ready: started}}}
job: {image: 'a:1', before: {sidecar: {ready: complete}}}`),
    );
    expect(podOf(manifests).initContainers).toMatchObject([
      { name: 'job' },
      { name: 'sidecar', restartPolicy: 'Always' },
    ]);
    expect(podOf(manifests).initContainers?.[0].restartPolicy).toBeUndefined();
  });

  it('3: a kind that is not supported is an error, and a claim of a Deployment is delivered', () => {
    const wrong = generate(
      spec(`main: {image: 'a:1'}`).replace(
        '{name: app}',
        '{name: app, annotations: {k8s.score.dev/kind: Job}}',
      ),
    );
    expect(wrong).toMatchObject({
      valid: false,
      diagnostics: [{ code: 'MANIFEST_KIND_UNSUPPORTED', line: 2 }],
    });
    const { manifests } = generate(
      spec(
        `main: {image: 'a:1', volumes: {/data: {source: '\${resources.data}'}}}`,
        'resources: {data: {type: volume}}',
      ),
      { data: { claimSpec: { accessModes: ['ReadWriteOnce'] } } },
    );
    expect(manifests.map(({ kind }) => kind)).toContain(
      'PersistentVolumeClaim',
    );
  });

  it('4: two containers with the same targets get volumes of different names', () => {
    const container = (file: string, volume: string) =>
      `{image: 'a:1', files: {/etc/a: {content: ${file}}}, volumes: {/data: {source: '\${resources.${volume}}'}}}`;
    const { manifests, valid } = generate(
      spec(
        `one: ${container('first', 'aa')}\ntwo: ${container('second', 'bb')}`,
        'resources: {aa: {type: volume}, bb: {type: volume}}',
      ),
    );
    expect(valid).toBe(true);
    expect(podOf(manifests).volumes).toHaveLength(4);
    expectDifferentVolumes(podOf(manifests));
  });

  it('5: secrets whose names run together stay two', () => {
    const { manifests } = generate(
      spec(
        `main: {image: 'a:1', variables: {BOTH: '\${resources.aa.bc-password} \${resources.aab.c-password}'}}`,
        'resources: {aa: {type: redis}, aab: {type: redis}}',
      ),
      { aa: { 'bc-password': 'first' }, aab: { 'c-password': 'second' } },
    );
    const { env = [] } = podOf(manifests).containers[0];
    expect(new Set(env.map(({ name }) => name)).size).toBe(3);
    const secret = manifests.find(({ kind }) => kind === 'Secret');
    expect(Object.values(secret?.stringData ?? {}).sort()).toEqual([
      'first',
      'second',
    ]);
  });

  it('6: what the kubelet would expand is escaped', () => {
    const { manifests } = generate(
      spec(`main: {image: 'a:1', args: ['$(HOME)'], variables: {A: '$(B)'}}`),
    );
    expect(podOf(manifests).containers[0]).toMatchObject({
      args: ['$$(HOME)'],
      env: [{ name: 'A', value: '$$(B)' }],
    });
  });

  it('7: the output is the same every time, whatever the order of keys and files', () => {
    const ports = ['web: {port: 80}', 'api: {port: 81}', 'dns: {port: 53}'];
    const texts = [ports, [...ports].reverse()].map(list => {
      const score = spec(
        `main: {image: 'a:1'}`,
        `service: {ports: {${list.join(', ')}}}`,
      );
      return toYaml(generate(score).manifests);
    });
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toBe('');
  });

  it.each(['/etc/passwd', '../secret'])(
    '8: the file source %s is not read',
    source => {
      const score = spec(
        `main:\n  image: a:1\n  files:\n    /a:\n      source: ${source}`,
      );
      const sources = { [source]: { content: 'hidden' } };
      expect(
        generateManifests({ specs: [{ score, file: 'score.yaml', sources }] }),
      ).toMatchObject({
        valid: false,
        diagnostics: [{ code: 'SCORE_FILE_SOURCE', line: 8 }],
      });
    },
  );

  it('9: passwords stand in Secrets only, and no state is kept', () => {
    const { manifests } = generate(
      spec(
        `main: {image: 'a:1', variables: {URL: 'db://\${resources.db.password}@\${resources.db.host}'}}`,
        'resources: {db: {type: postgres}}',
      ),
    );
    const secret = manifests.find(({ kind }) => kind === 'Secret');
    const [password] = Object.values(secret?.stringData ?? {});
    expect(String(password)).toMatch(/^pg-/);
    const others = manifests.filter(({ kind }) => kind !== 'Secret');
    expect(JSON.stringify(others)).not.toContain(password);
  });

  it('10: a file hides nothing of the folder it is put into', () => {
    const { manifests } = generate(
      spec(`main: {image: 'a:1', files: {/etc/app.conf: {content: a}}}`),
    );
    expect(podOf(manifests).containers[0].volumeMounts).toMatchObject([
      { mountPath: '/etc/app.conf', subPath: expect.any(String) },
    ]);
  });

  it('11: an escaped dot in a placeholder is no error', () => {
    const { manifests, valid } = generate(
      spec(
        `main: {image: 'a:1', variables: {TEAM: '\${metadata.annotations.a\\.b}'}}`,
      ).replace('{name: app}', '{name: app, annotations: {a.b: blue}}'),
    );
    expect(valid).toBe(true);
    expect(podOf(manifests).containers[0].env).toEqual([
      { name: 'TEAM', value: 'blue' },
    ]);
  });

  it('12: a scheme in lower case is refused with the right spelling, and the name of a source is taken as it is', () => {
    const probe = readScore(
      spec(
        `main: {image: 'a:1', livenessProbe: {httpGet: {path: /, port: 80, scheme: http}}}`,
      ),
    );
    expect(probe.valid).toBe(false);
    expect(JSON.stringify(probe.diagnostics)).toContain('HTTP');
    const score = spec(
      `main: {image: 'a:1', files: {/a: {source: '\${metadata.name}'}}}`,
    );
    const sources = { '${metadata.name}': { content: 'literal' } };
    const { manifests } = generateManifests({ specs: [{ score, sources }] });
    expect(manifests[0].data).toEqual({ content: 'literal' });
  });

  it('13: a probe needs one of its kinds', () => {
    expect(
      readScore(spec(`main: {image: 'a:1', livenessProbe: {}}`)).valid,
    ).toBe(false);
  });

  it('14: errors have a line and a column, also those found while rendering', () => {
    const { diagnostics } = generate(
      spec(
        `main:\n  image: a:1\n  variables:\n    A: '\${resources.db.nothing}'`,
        'resources: {db: {type: postgres, params: {version: "17"}}}',
      ),
    );
    expect(diagnostics).toMatchObject([
      { severity: 'error', file: 'score.yaml', line: 7, column: 10 },
    ]);
  });
});
