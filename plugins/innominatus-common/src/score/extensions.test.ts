import { minimalSpec } from './__fixtures__/specs';
import { readScore } from './readScore';

function read(rest: string) {
  const result = readScore(minimalSpec({ rest }));
  return {
    ...result,
    issues: result.diagnostics.map(
      ({ severity, code, pointer }) => `${severity} ${code} ${pointer}`,
    ),
  };
}

describe('extensions of Score', () => {
  it('reads environment and workflows with a note', () => {
    const { issues, workload, document } = read(
      'environment: { type: staging, ttl: 2h }\nworkflows:\n  deploy:\n    steps:\n    - { name: apply, type: kubernetes }',
    );
    expect(issues).toEqual([
      'info SCORE_EXTENSION /environment',
      'info SCORE_EXTENSION /workflows',
    ]);
    expect(workload?.extensions).toEqual({
      environment: { type: 'staging', ttl: '2h' },
      workflows: { deploy: { steps: [{ name: 'apply', type: 'kubernetes' }] } },
    });
    expect(Object.keys(document ?? {})).toEqual([
      'apiVersion',
      'metadata',
      'containers',
    ]);
  });

  it('reads the properties of a resource as params', () => {
    const { issues, workload } = read(
      'resources:\n  cache:\n    type: redis\n    params: { size: small }\n    properties: { version: "7" }',
    );
    expect(issues).toEqual([
      'info SCORE_EXTENSION /resources/cache/properties',
    ]);
    expect(workload?.resources.cache.params).toEqual({
      version: '7',
      size: 'small',
    });
  });

  it('refuses properties that declare outputs, as Score did before 2024', () => {
    const text = (properties: string) =>
      `resources:\n  cache:\n    type: redis\n    properties: ${properties}`;
    for (const properties of [
      '{}',
      '{ host: , port: }',
      '{ host: { default: localhost }, password: { secret: true } }',
    ]) {
      expect(read(text(properties)).issues).toEqual([
        'error SCORE_UNKNOWN_KEY /resources/cache',
      ]);
    }
  });

  it.each<[string, string[]]>([
    ['environment: staging', ['error SCORE_EXTENSION_INVALID /environment']],
    [
      'environment: { type: 1, name: x }',
      [
        'error SCORE_EXTENSION_INVALID /environment/type',
        'error SCORE_EXTENSION_INVALID /environment',
      ],
    ],
    ['workflows: []', ['error SCORE_EXTENSION_INVALID /workflows']],
    ['workflows: { a: {} }', ['error SCORE_WORKFLOW /workflows/a']],
    [
      'workflows: { a: { steps: [{ name: x }, 1] } }',
      [
        'error SCORE_WORKFLOW /workflows/a/steps/0',
        'error SCORE_WORKFLOW /workflows/a/steps/1',
        'error SCORE_WORKFLOW /workflows/a/steps/1',
      ],
    ],
    [
      'workflows: { a: { steps: [{ name: x, type: wait }, { name: x, type: wait }] } }',
      ['error SCORE_WORKFLOW /workflows/a/steps/1'],
    ],
    [
      'resources: { db: { type: tt, params: { a: 1 }, properties: { a: 2 } } }',
      ['error SCORE_EXTENSION_INVALID /resources/db/properties/a'],
    ],
  ])('refuses %s', (rest, expected) => {
    expect(
      read(rest).issues.filter(issue => issue.startsWith('error')),
    ).toEqual(expected);
  });

  it('bounds the steps of a workflow', () => {
    const steps = Array.from(
      { length: 501 },
      (_, i) => `{ name: s${i}, type: wait }`,
    );
    expect(
      read(`workflows: { a: { steps: [${steps.join(', ')}] } }`).issues,
    ).toContain('error SCORE_WORKFLOW /workflows/a');
  });

  it('points from a single workflow to the right key', () => {
    expect(
      read('workflow: {}').diagnostics.map(({ suggestions }) => suggestions),
    ).toEqual([['Rename "workflow" to "workflows" and give each one a name.']]);
  });
});
