import { JsonObject } from '../json';
import { KubernetesObject, toYaml } from '../manifests';
import { generateManifests } from './generateManifests';
import { GenerateOptions } from './types';

const SHOP = `apiVersion: score.dev/v1b1
metadata:
  name: shop
containers:
  web:
    image: .
    variables:
      DB_HOST: \${resources.db.host}
      DB_PASSWORD: \${resources.db.password}
      CATALOG: http://\${resources.catalog.hostname}:\${resources.catalog.port}
    volumes:
      /data:
        source: \${resources.data}
service:
  ports:
    www:
      port: 80
      targetPort: 8080
resources:
  db:
    type: postgres
    params:
      version: '17'
  catalog:
    type: service-port
    params:
      workload: catalog
      port: api
  data:
    type: volume
  dns:
    type: dns
  route:
    type: route
    params:
      host: \${resources.dns.host}
      path: /
      port: www
`;

const CATALOG = `apiVersion: score.dev/v1b1
metadata:
  name: catalog
  annotations:
    k8s.score.dev/service-name: catalog-svc
containers:
  api:
    image: catalog:1
service:
  ports:
    api:
      port: 3550
`;

const CUSTOM = `apiVersion: score.dev/v1b1
metadata:
  name: custom
containers:
  main:
    image: custom:1
    variables:
      REGION: \${resources.env.REGION}
      API_TOKEN: \${resources.env.API_TOKEN}
resources:
  env:
    type: environment
`;

function generate(
  options: Partial<GenerateOptions> & { specs: GenerateOptions['specs'] },
) {
  return generateManifests(options);
}

function find(
  manifests: KubernetesObject[],
  kind: string,
  name?: string,
): JsonObject {
  const found = manifests.find(
    item =>
      item.kind === kind && (name === undefined || item.metadata.name === name),
  );
  expect(found).toBeDefined();
  return found as JsonObject;
}

describe('generateManifests', () => {
  const shop = { score: SHOP, file: 'shop.yaml' };
  const catalog = { score: CATALOG, file: 'catalog.yaml' };
  const shopAlone = {
    score: SHOP.replace('image: .', 'image: shop:1').replace(
      'port: api',
      'port: 3550',
    ),
    file: 'shop.yaml',
  };

  it('gives the outputs of the simulator and the objects of the provider for clusters', () => {
    const { valid, manifests, diagnostics } = generate({ specs: [shopAlone] });
    expect(diagnostics).toEqual([]);
    expect(valid).toBe(true);
    expect(manifests.map(({ kind }) => kind)).toEqual([
      'Secret',
      'PersistentVolumeClaim',
      'Service',
      'Deployment',
      'Ingress',
    ]);
    expect(find(manifests, 'Secret').stringData).toEqual({
      'db.password': expect.stringMatching(/^pg-[0-9a-f-]{36}$/),
    });
    expect(find(manifests, 'Ingress')).toMatchObject({
      spec: {
        rules: [
          {
            host: 'shop-development.localhost',
            http: {
              paths: [
                {
                  backend: {
                    service: { name: 'shop', port: { name: 'www' } },
                  },
                },
              ],
            },
          },
        ],
      },
    });
  });

  it('keeps secrets out of everything but Secret objects', () => {
    const { manifests } = generate({ specs: [shopAlone] });
    const secret = find(manifests, 'Secret').stringData as JsonObject;
    const others = manifests.filter(({ kind }) => kind !== 'Secret');
    expect(JSON.stringify(others)).not.toContain(secret['db.password']);
    expect(JSON.stringify(manifests)).not.toContain('innominatus_secret');
  });

  it('gives the same bytes at every call and in every order of the specs', () => {
    const specs = [{ ...shop, score: SHOP.replace('image: .', 'image: a:1') }];
    const texts = [
      [...specs, catalog],
      [catalog, ...specs],
      [...specs, catalog],
    ].map(list => toYaml(generate({ specs: list }).manifests));
    expect(texts[0]).not.toBe('');
    expect(new Set(texts).size).toBe(1);
  });

  it('finds the port of another workload by its name', () => {
    const { manifests } = generate({
      specs: [
        { ...shop, score: SHOP.replace('image: .', 'image: a:1') },
        catalog,
      ],
    });
    expect(JSON.stringify(find(manifests, 'Deployment', 'shop'))).toContain(
      'http://catalog-svc:3550',
    );
    const alone = generate({
      specs: [{ ...shop, score: SHOP.replace('image: .', 'image: a:1') }],
    });
    expect(alone.diagnostics).toMatchObject([
      { severity: 'warning', code: 'GENERATE_PORT_NAME', line: 28 },
    ]);
    const wrong = generate({
      specs: [
        {
          ...shop,
          score: SHOP.replace('image: .', 'image: a:1').replace(
            'port: api',
            'port: apo',
          ),
        },
        catalog,
      ],
    });
    expect(wrong).toMatchObject({
      valid: false,
      manifests: [],
      diagnostics: [
        { code: 'GENERATE_PORT_UNKNOWN', file: 'shop.yaml', line: 28 },
      ],
    });
  });

  it('takes an image, overrides, a namespace and properties', () => {
    const { manifests, diagnostics } = generate({
      specs: [{ ...shop, score: SHOP.replace('port: api', 'port: 3550') }],
      image: 'shop:2',
      namespace: 'team-a',
      generateNamespace: true,
      overrides: { containers: { web: { variables: { EXTRA: 'yes' } } } },
      overrideProperties: [
        'containers.web.variables.DB_HOST=',
        'service.ports.www.port=8000',
      ],
    });
    expect(diagnostics).toEqual([]);
    expect(manifests[0]).toMatchObject({
      kind: 'Namespace',
      metadata: { name: 'team-a' },
    });
    expect(
      manifests
        .slice(1)
        .every(({ metadata }) => metadata.namespace === 'team-a'),
    ).toBe(true);
    const text = JSON.stringify(find(manifests, 'Deployment'));
    expect(text).toContain('"image":"shop:2"');
    expect(text).toContain('{"name":"EXTRA","value":"yes"}');
    expect(text).not.toContain('DB_HOST');
    expect(find(manifests, 'Service').spec).toMatchObject({
      ports: [{ name: 'www', port: 8000, targetPort: 8080 }],
    });
  });

  it('says where an image is missing', () => {
    expect(generate({ specs: [shop, catalog] })).toMatchObject({
      valid: false,
      manifests: [],
      diagnostics: [
        { code: 'SCORE_IMAGE_MISSING', file: 'shop.yaml', line: 6, column: 12 },
      ],
    });
  });

  it('uses the outputs that are given by name or uid, secrets in a Secret', () => {
    const specs = [{ score: CUSTOM, file: 'custom.yaml' }];
    expect(generate({ specs }).diagnostics).toMatchObject([
      { code: 'GENERATE_NO_OUTPUTS', line: 12, file: 'custom.yaml' },
    ]);
    for (const key of ['env', 'environment.default#custom.env']) {
      const { manifests, diagnostics } = generate({
        specs,
        outputs: { [key]: { REGION: 'eu', API_TOKEN: 't0p' } },
      });
      expect(diagnostics).toEqual([]);
      const env = JSON.stringify(find(manifests, 'Deployment'));
      expect(env).toContain('{"name":"REGION","value":"eu"}');
      expect(env).not.toContain('t0p');
      expect(find(manifests, 'Secret').stringData).toEqual({
        'env.API_TOKEN': 't0p',
      });
    }
  });

  it('leaves the objects of the provider out when outputs are given', () => {
    const { manifests } = generate({
      specs: [shopAlone],
      outputs: { data: { source: { emptyDir: {} } }, route: { url: 'x' } },
    });
    expect(manifests.map(({ kind }) => kind)).toEqual([
      'Secret',
      'Service',
      'Deployment',
    ]);
  });

  it('refuses outputs that name a stored secret', () => {
    expect(
      generate({
        specs: [shopAlone],
        outputs: { db: { host: { $secretRef: 'resource/1/password' } } },
      }),
    ).toMatchObject({
      valid: false,
      diagnostics: [{ code: 'GENERATE_OUTPUTS' }],
    });
  });

  it('refuses overrides for several specs', () => {
    for (const wrong of [
      { image: 'a:1' },
      { overrides: {} },
      { overrideProperties: ['metadata.name=x'] },
    ]) {
      expect(generate({ specs: [shop, catalog], ...wrong })).toMatchObject({
        valid: false,
        diagnostics: [{ code: 'GENERATE_OPTIONS' }],
      });
    }
  });

  it('refuses two workloads of one name, and one shared resource with two wishes', () => {
    const named = (name: string, size: string, file: string) => ({
      file,
      score: `apiVersion: score.dev/v1b1
metadata:
  name: ${name}
containers:
  main:
    image: a:1
    volumes:
      /data:
        source: \${resources.data}
resources:
  data:
    type: volume
    id: common
    params:
      size: ${size}
`,
    });
    expect(
      generate({ specs: [named('aa', '1Gi', 'a'), named('aa', '1Gi', 'b')] })
        .diagnostics,
    ).toMatchObject([{ code: 'GENERATE_DUPLICATE_WORKLOAD', line: 3 }]);
    expect(
      generate({ specs: [named('aa', '1Gi', 'a'), named('bb', '2Gi', 'b')] })
        .diagnostics,
    ).toMatchObject([
      { code: 'GENERATE_SHARED_RESOURCE', file: 'b', line: 12 },
    ]);
    const shared = generate({
      specs: [named('aa', '1Gi', 'a'), named('bb', '1Gi', 'b')],
    });
    expect(shared.diagnostics).toEqual([]);
    expect(
      shared.manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim'),
    ).toHaveLength(1);
  });
});
