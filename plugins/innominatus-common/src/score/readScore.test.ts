import { FULL_SPEC, minimalSpec } from './__fixtures__/specs';
import { readScore } from './readScore';

function issues(text: string) {
  return readScore(text).diagnostics.map(
    ({ severity, code, pointer, line }) =>
      `${severity} ${code} ${pointer} @${line}`,
  );
}

describe('readScore', () => {
  it('reads a full spec into a workload', () => {
    const { valid, diagnostics, workload, document } = readScore(FULL_SPEC);
    expect(diagnostics).toEqual([]);
    expect(valid).toBe(true);
    expect(document?.containers.app.image).toBe('ghcr.io/acme/shop:1.4.2');
    expect(workload).toEqual({
      name: 'shop',
      metadata: {
        name: 'shop',
        team: { name: 'blue' },
        annotations: { 'example.com/owner': 'team-blue' },
      },
      annotations: { 'example.com/owner': 'team-blue' },
      ports: {
        web: { port: 80, protocol: 'TCP', targetPort: 8080 },
        metrics: { port: 9090, protocol: 'UDP', targetPort: 9090 },
      },
      containers: {
        app: {
          image: 'ghcr.io/acme/shop:1.4.2',
          command: ['/app'],
          args: ['--port', '8080'],
          variables: {
            DB_URL: 'postgres://${resources.db.user}@${resources.db.host}/shop',
            NAME: '${metadata.name}',
            OWNER: '${metadata.annotations.example\\.com/owner}',
          },
          files: {
            '/etc/shop/app.yaml': {
              content: 'host: ${resources.cache.host}',
              mode: '0644',
              noExpand: false,
            },
            '/etc/shop/logo.bin': {
              binaryContent: 'aGVsbG8=',
              noExpand: false,
            },
            '/etc/shop/raw.txt': {
              content: '${not a placeholder}',
              noExpand: true,
            },
            '/etc/shop/extra.txt': {
              source: 'files/extra.txt',
              noExpand: false,
            },
          },
          volumes: {
            '/data': {
              source: '${resources.data}',
              path: 'sub',
              readOnly: true,
            },
          },
          resources: {
            limits: { cpu: '1', memory: '512Mi' },
            requests: { cpu: '250m', memory: '128Mi' },
          },
          livenessProbe: {
            httpGet: { path: '/alive', port: 8080, scheme: 'HTTPS' },
          },
          readinessProbe: { exec: { command: ['/ready'] } },
          before: {},
        },
        migrate: {
          image: 'ghcr.io/acme/migrate:1.4.2',
          variables: {},
          files: {},
          volumes: {},
          resources: { limits: {}, requests: {} },
          before: { app: { ready: 'complete' } },
        },
      },
      resources: {
        db: {
          name: 'db',
          type: 'postgres',
          class: 'small',
          uid: 'postgres.small#shop.db',
          metadata: {},
          params: { version: '16' },
        },
        cache: {
          name: 'cache',
          type: 'redis',
          class: 'default',
          id: 'shared-cache',
          uid: 'redis.default#shared-cache',
          metadata: {},
          params: {},
        },
        data: expect.objectContaining({ uid: 'volume.default#shop.data' }),
        dns: expect.objectContaining({ uid: 'dns.default#shop.dns' }),
        route: expect.objectContaining({
          params: {
            host: '${resources.dns.host}',
            rules: [{ to: '${resources.db.host}' }],
          },
        }),
      },
      extensions: {},
    });
  });

  it('points at the place, with the line and what to do', () => {
    const { diagnostics } = readScore(
      minimalSpec({ container: 'varaibles:\n  A: b' }),
      { file: 'score.yaml' },
    );
    expect(diagnostics).toEqual([
      {
        severity: 'error',
        code: 'SCORE_UNKNOWN_KEY',
        message: 'The key "varaibles" is not known in "containers.main".',
        pointer: '/containers/main',
        line: 7,
        column: 5,
        endLine: 7,
        endColumn: 14,
        source: { text: '    varaibles:', caret: 4, length: 9 },
        suggestions: ['Rename "varaibles" to "variables".'],
        file: 'score.yaml',
      },
    ]);
  });

  it.each<[string, string, string[]]>([
    ['an empty text', '', ['error SCORE_EMPTY  @1']],
    ['a list', '- a', ['error SCORE_NOT_A_MAP  @1']],
    [
      'a Compose file',
      'services:\n  web:\n    image: nginx',
      ['error SCORE_OTHER_FORMAT  @1'],
    ],
    [
      'a manifest',
      'apiVersion: apps/v1\nkind: Deployment',
      ['error SCORE_OTHER_FORMAT  @1'],
    ],
    [
      'a catalog entity',
      'apiVersion: backstage.io/v1alpha1\nkind: Component',
      ['error SCORE_OTHER_FORMAT  @1'],
    ],
    [
      'missing keys',
      'apiVersion: score.dev/v1b1',
      ['error SCORE_REQUIRED_KEY  @1', 'error SCORE_REQUIRED_KEY  @1'],
    ],
    [
      'another API version',
      minimalSpec().replace('v1b1', 'v1'),
      ['error SCORE_API_VERSION /apiVersion @1'],
    ],
    [
      'a wrong type',
      minimalSpec({ container: 'variables:\n  A: true' }),
      ['error SCORE_WRONG_TYPE /containers/main/variables/A @8'],
    ],
    [
      'a wrong word',
      minimalSpec({
        rest: 'service:\n  ports:\n    web: { port: 80, protocol: tcp }',
      }),
      ['error SCORE_INVALID_VALUE /service/ports/web/protocol @9'],
    ],
    [
      'a wrong form',
      minimalSpec({ container: 'resources: { limits: { memory: 64k } }' }),
      [
        'error SCORE_INVALID_FORMAT /containers/main/resources/limits/memory @7',
      ],
    ],
    [
      'a number out of range',
      minimalSpec({ rest: 'service: { ports: { web: { port: 70000 } } }' }),
      ['error SCORE_OUT_OF_RANGE /service/ports/web/port @7'],
    ],
    [
      'a wrong name',
      minimalSpec({ rest: 'resources:\n  My_DB: { type: postgres }' }),
      ['error SCORE_INVALID_NAME /resources @8'],
    ],
    [
      'no containers',
      'apiVersion: score.dev/v1b1\nmetadata: { name: shop }\ncontainers: {}',
      ['error SCORE_NO_CONTAINERS /containers @3'],
    ],
    [
      'an empty probe',
      minimalSpec({ container: 'livenessProbe: {}' }),
      ['error SCORE_PROBE_EMPTY /containers/main/livenessProbe @7'],
    ],
    [
      'a file with two contents',
      minimalSpec({ container: 'files:\n  /a: { content: x, source: y }' }),
      ['error SCORE_FILE_CONTENT /containers/main/files/~1a @8'],
    ],
    [
      'a file with none',
      minimalSpec({ container: 'files:\n  /a: { mode: "0600" }' }),
      ['error SCORE_FILE_CONTENT /containers/main/files/~1a @8'],
    ],
    [
      'a source outside',
      minimalSpec({ container: 'files:\n  /a: { source: a/../../b }' }),
      ['error SCORE_FILE_SOURCE /containers/main/files/~1a/source @8'],
    ],
    [
      'broken base64',
      minimalSpec({ container: 'files:\n  /a: { binaryContent: "a=b" }' }),
      ['error SCORE_FILE_BASE64 /containers/main/files/~1a/binaryContent @8'],
    ],
    [
      'a malformed placeholder',
      minimalSpec({ container: 'variables:\n  A: ${resources}' }),
      ['error SCORE_PLACEHOLDER_MALFORMED /containers/main/variables/A @8'],
    ],
    [
      'an unknown root',
      minimalSpec({ container: 'variables:\n  A: ${env.HOME}' }),
      ['error SCORE_PLACEHOLDER_ROOT /containers/main/variables/A @8'],
    ],
    [
      'an unknown resource in params',
      minimalSpec({
        rest: 'resources:\n  dns: { type: dns, params: { a: [{ b: "${resources.x.y}" }] } }',
      }),
      ['error SCORE_PLACEHOLDER_RESOURCE /resources/dns/params/a/0/b @8'],
    ],
    [
      'unknown metadata',
      minimalSpec({
        container: 'volumes:\n  /d: { source: "${metadata.nmae}" }',
      }),
      [
        'error SCORE_PLACEHOLDER_METADATA /containers/main/volumes/~1d/source @8',
      ],
    ],
    [
      'a container before itself',
      minimalSpec({ container: 'before: { main: { ready: started } }' }),
      ['error SCORE_BEFORE_SELF /containers/main/before/main @7'],
    ],
    [
      'containers before each other',
      minimalSpec({
        container: 'before: { side: { ready: started } }',
        rest: '  side:\n    image: a:1\n    before: { main: { ready: healthy } }',
      }),
      ['error SCORE_BEFORE_CYCLE /containers/main/before/side @7'],
    ],
    [
      'resources that need each other',
      minimalSpec({
        rest: 'resources:\n  aa: { type: tt, params: { x: "${resources.bb.k}" } }\n  bb: { type: tt, params: { x: "${resources.aa.k}" } }',
      }),
      ['error SCORE_RESOURCE_CYCLE /resources/aa/params @8'],
    ],
    [
      'one shared resource with two definitions',
      minimalSpec({
        rest: 'resources:\n  aa: { type: tt, id: one, params: { x: 1 } }\n  bb: { type: tt, id: one, params: { x: 2 } }',
      }),
      ['error SCORE_RESOURCE_CONFLICT /resources/bb @9'],
    ],
  ])('refuses %s', (_name, text, expected) => {
    expect(issues(text)).toEqual(expected);
    const { valid, workload, diagnostics } = readScore(text);
    expect(valid).toBe(false);
    expect(workload).toBeUndefined();
    for (const { suggestions } of diagnostics) {
      expect(suggestions).not.toEqual([]);
    }
  });

  it.each<[string, string, string[]]>([
    [
      'the tag "latest"',
      minimalSpec().replace('nginx:1.27', 'nginx:latest'),
      ['warning SCORE_IMAGE_LATEST /containers/main/image @6'],
    ],
    [
      'placeholders where Score replaces none',
      minimalSpec({ container: 'args: ["${resources.nope.x}"]' }),
      ['warning SCORE_PLACEHOLDER_LITERAL /containers/main/args/0 @7'],
    ],
    [
      'databases without params',
      minimalSpec({ rest: 'resources:\n  db: { type: postgres }' }),
      ['info SCORE_DATABASE_PARAMS /resources/db @8'],
    ],
    [
      'unknown names under "before"',
      minimalSpec({ container: 'before: { mian: { ready: started } }' }),
      ['warning SCORE_BEFORE_UNKNOWN /containers/main/before/mian @7'],
    ],
  ])('accepts and mentions %s', (_name, text, expected) => {
    expect(issues(text)).toEqual(expected);
    expect(readScore(text).valid).toBe(true);
  });

  it('reports each problem of a spec at once', () => {
    expect(
      issues(
        minimalSpec({ container: 'env: {}\nargs: x' }).replace(
          'shop',
          'My Shop',
        ),
      ),
    ).toEqual([
      'error SCORE_INVALID_FORMAT /metadata/name @3',
      'error SCORE_UNKNOWN_KEY /containers/main @7',
      'error SCORE_WRONG_TYPE /containers/main/args @8',
    ]);
  });

  it('accepts base64 with line breaks', () => {
    expect(
      issues(
        minimalSpec({
          container:
            'files:\n  /a:\n    binaryContent: |\n      aGVs\n      bG8=',
        }),
      ),
    ).toEqual([]);
  });
});
