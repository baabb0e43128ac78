import { readScore, Workload } from '../score';
import { analyzeScore } from './analyzeScore';

function workload(rest: string = '', variables: string = '{}'): Workload {
  const { workload: read, diagnostics } = readScore(
    `apiVersion: score.dev/v1b1
metadata: { name: shop }
containers:
  app: { image: "shop:1", variables: ${variables} }
${rest}`,
  );
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual(
    [],
  );
  return read!;
}

const RESOURCES = `resources:
  db: { type: postgres, params: { v: 1 } }
  cache: { type: redis }
  dns: { type: dns }
  web: { type: route, params: { host: "\${resources.dns.host}" } }
`;

describe('the implied plan', () => {
  const analysis = analyzeScore(
    workload(RESOURCES, '{ A: "${resources.db.host}" }'),
  );

  it('has true levels over the whole deployment', () => {
    expect(analysis.source).toBe('implied');
    expect(analysis.levels).toEqual([
      ['security-scan', 'validate-spec'],
      ['provision-cache', 'provision-db', 'provision-dns'],
      ['provision-web'],
      ['deploy-application'],
      ['health-check', 'setup-monitoring'],
    ]);
    expect(analysis.maxParallel).toBe(3);
  });

  it('takes the longest chain, not the greedy one', () => {
    // dns (180) and web (60) are more steps, but db alone (300) is longer.
    expect(analysis.criticalPath).toEqual([
      'security-scan',
      'provision-db',
      'deploy-application',
      'setup-monitoring',
    ]);
    expect(analysis.estimatedSeconds).toBe(120 + 300 + 180 + 120);
  });

  it('adds up the groups of a phase', () => {
    expect(analysis.phases).toEqual([
      {
        name: 'pre-deployment',
        groups: [['security-scan', 'validate-spec']],
        seconds: 120,
      },
      {
        name: 'deployment',
        groups: [
          ['provision-cache', 'provision-db', 'provision-dns'],
          ['provision-web'],
          ['deploy-application'],
        ],
        seconds: 300 + 60 + 180,
      },
      {
        name: 'post-deployment',
        groups: [['health-check', 'setup-monitoring']],
        seconds: 120,
      },
    ]);
  });

  it('says for each step what it waits for and what waits for it', () => {
    expect(analysis.steps.find(({ name }) => name === 'provision-dns')).toEqual(
      {
        name: 'provision-dns',
        type: 'resource-provisioning',
        phase: 'deployment',
        dependsOn: ['validate-spec', 'security-scan'],
        blocks: ['provision-web', 'deploy-application'],
        seconds: 180,
        basis: 'assumption',
      },
    );
  });

  it('draws workload, containers and resources', () => {
    const { nodes, edges } = analysis.resourceGraph;
    expect(nodes.map(({ id, level }) => [id, level])).toEqual([
      ['workload:shop', 0],
      ['container:app', 1],
      ['resource:cache', 2],
      ['resource:db', 2],
      ['resource:dns', 2],
      ['resource:web', 3],
    ]);
    expect(edges).toContainEqual({
      from: 'container:app',
      to: 'resource:db',
      type: 'uses',
    });
    expect(edges).toContainEqual({
      from: 'resource:dns',
      to: 'resource:web',
      type: 'prerequisite',
    });
    expect(edges).toContainEqual({
      from: 'workload:shop',
      to: 'resource:web',
      type: 'requires',
    });
  });

  it('is small for a workload without resources', () => {
    const small = analyzeScore(workload());
    expect(small.levels).toEqual([
      ['security-scan', 'validate-spec'],
      ['deploy-application'],
      ['health-check', 'setup-monitoring'],
    ]);
    expect(small.estimatedSeconds).toBe(420);
    expect(small.complexity).toEqual({ score: 10, level: 'low' });
    expect(small.risks).toEqual([]);
  });

  it('uses the durations that are given', () => {
    expect(
      analyzeScore(workload(RESOURCES), {
        durations: {
          steps: { validation: 1, security: 2, kubernetes: 3, monitoring: 4 },
          resources: { postgres: 10, redis: 10, dns: 8, route: 5 },
        },
      }),
    ).toMatchObject({
      criticalPath: [
        'security-scan',
        'provision-dns',
        'provision-web',
        'deploy-application',
        'health-check',
      ],
      estimatedSeconds: 2 + 8 + 5 + 3 + 60,
    });
  });

  it('goes by earlier runs before anything assumed, and says so', () => {
    const observed = analyzeScore(workload(RESOURCES), {
      durations: { resources: { postgres: 10 } },
      history: {
        steps: { validation: { seconds: 4, samples: 9 } },
        resources: { postgres: { seconds: 40, samples: 3 } },
      },
    });
    const step = (name: string) =>
      observed.steps.find(each => each.name === name);
    expect(step('provision-db')).toMatchObject({
      seconds: 40,
      basis: 'history',
      samples: 3,
    });
    expect(step('provision-cache')).toMatchObject({ basis: 'assumption' });
    expect(observed.assumptions).toEqual([
      'Nothing waits: approvals, locks and queues are not part of the estimate.',
      'validate-spec (4 s), provision-db (40 s): the median of earlier runs (3 to 9 each).',
      'security-scan (120 s), provision-cache (180 s), provision-dns (180 s), provision-web (60 s), deploy-application (180 s), setup-monitoring (120 s) and 1 more: assumed, without earlier runs to go by.',
    ]);
  });

  it('lets types wait for what they are usually built on, but never in a circle', () => {
    const { levels } = analyzeScore(
      workload(
        'resources:\n  db: { type: postgres, params: { a: 1 } }\n  disk: { type: volume }',
      ),
    );
    expect(levels[1]).toEqual(['provision-disk']);
    expect(levels[2]).toEqual(['provision-db']);
    const reversed = analyzeScore(
      workload(
        'resources:\n  db: { type: postgres, params: { a: 1 } }\n  disk: { type: volume, params: { a: "${resources.db.name}" } }',
      ),
    );
    expect(reversed.levels[1]).toEqual(['provision-db']);
    expect(reversed.levels[2]).toEqual(['provision-disk']);
  });
});

describe('the workflows of a spec', () => {
  const steps = (text: string) =>
    analyzeScore(workload(`workflows:\n  deploy:\n    steps:\n${text}`));

  it('runs steps one after the other unless they say otherwise', () => {
    const analysis = steps(`
    - { name: check, type: validation }
    - { name: infra, type: terraform, parallel: true }
    - { name: vault, type: vault-setup, parallel: true }
    - { name: apply, type: kubernetes }
    - { name: watch, type: monitoring, dependsOn: [check] }
`);
    expect(analysis.source).toBe('workflows');
    expect(analysis.levels).toEqual([
      ['check'],
      ['infra', 'vault', 'watch'],
      ['apply'],
    ]);
    expect(analysis.criticalPath).toEqual(['check', 'infra', 'apply']);
    expect(analysis.estimatedSeconds).toBe(30 + 300 + 180);
  });

  it('puts equal groups at the place of the first, with any numbers', () => {
    expect(
      steps(`
    - { name: a, type: tagging, parallelGroup: 7 }
    - { name: b, type: tagging }
    - { name: c, type: tagging, parallelGroup: 7 }
    - { name: d, type: tagging, parallelGroup: 2 }
`).levels,
    ).toEqual([['a', 'c'], ['b'], ['d']]);
  });

  it('keeps a dependency across phases', () => {
    const analysis = steps(`
    - { name: apply, type: kubernetes }
    - { name: late-check, type: validation, dependsOn: [apply] }
`);
    expect(analysis.levels).toEqual([['apply'], ['late-check']]);
  });

  it('tells steps of several workflows apart', () => {
    const analysis = analyzeScore(
      workload(
        'workflows:\n  one: { steps: [{ name: a, type: policy }] }\n  two: { steps: [{ name: a, type: policy }] }',
      ),
    );
    expect(analysis.levels).toEqual([['one/a', 'two/a']]);
    expect(analysis.estimatedSeconds).toBe(60);
  });

  it('warns of steps that would never start', () => {
    const analysis = steps(`
    - { name: a, type: validation, dependsOn: [b] }
    - { name: b, type: monitoring, dependsOn: [a] }
    - { name: c, type: tagging, dependsOn: [nope] }
`);
    expect(analysis.levels).toEqual([['c']]);
    expect(
      analysis.risks.map(({ severity, code, step }) => [severity, code, step]),
    ).toEqual([
      ['error', 'UNKNOWN_DEPENDENCY', 'c'],
      ['error', 'STEP_CYCLE', 'a'],
    ]);
  });

  it('warns of long steps, missing checks and missing monitoring', () => {
    expect(
      steps('    - { name: infra, type: terraform }').risks.map(
        ({ code }) => code,
      ),
    ).toEqual(['LONG_STEP', 'NO_CHECKS', 'NO_MONITORING']);
  });
});

describe('risks', () => {
  it('names types that no provider knows', () => {
    expect(
      analyzeScore(workload(RESOURCES), {
        providers: [
          { name: 'simulator', resourceTypes: ['postgres', 'redis', 'dns'] },
          { name: 'net', resourceTypes: ['routes'] },
        ],
      }).risks,
    ).toEqual([
      {
        severity: 'error',
        code: 'NO_PROVIDER',
        message:
          'No provider knows the type "route" of resource "web"; did you mean "routes".',
        step: 'provision-web',
      },
    ]);
  });

  it('speaks up for many resources and long deployments', () => {
    const names = ['aa', 'bb', 'cc', 'dd', 'ee', 'ff'];
    const chain = names
      .map(
        (name, index) =>
          `  ${name}: { type: tt, params: { x: "${
            index === 0 ? 'start' : `\${resources.${names[index - 1]}.x}`
          }" } }`,
      )
      .join('\n');
    const { risks, complexity } = analyzeScore(
      workload(`resources:\n${chain}`),
    );
    expect(risks.map(({ code }) => code)).toEqual([
      'MANY_RESOURCES',
      'LONG_DEPLOYMENT',
    ]);
    expect(complexity).toEqual({ score: 50, level: 'high' });
  });

  it('stays fast for a spec at the limits', () => {
    const many = Array.from(
      { length: 1500 },
      (_, i) =>
        `  r${i}x: { type: ${i % 2 ? 'postgres' : 'volume'}, params: { a: 1 } }`,
    ).join('\n');
    const read = workload(`resources:\n${many}`);
    const started = Date.now();
    analyzeScore(read);
    expect(Date.now() - started).toBeLessThan(2000);
  });
});
