import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { moduleOfStepType } from './elsewhere';
import { compile, HEAD, problems, steps } from './testCompile';

describe('a canonical workflow', () => {
  it('is compiled with defaults filled in', () => {
    const { definition, diagnostics } = compile(`${HEAD}  version: 1.2.0
spec:
  variables: { region: eu }
  timeout: 1h
  maxParallel: 2
  onFailure: undo
  outputs: { url: "https://\${build.host}" }
  steps:
    - name: build
      type: scale
      title: Build it
      config: { replicas: 2 }
      env: { DEBUG: true }
      retry: { attempts: 3, backoff: { initial: 2s, max: 1m }, on: [BUSY] }
  finally:
    - { name: tidy, type: simulate }
`);
    expect(diagnostics).toEqual([]);
    expect(definition).toEqual({
      name: 'test',
      version: '1.2.0',
      variables: { region: 'eu' },
      timeoutMs: 3_600_000,
      maxParallel: 2,
      onFailure: 'undo',
      outputs: { url: 'https://${build.host}' },
      steps: [
        {
          name: 'build',
          type: 'scale',
          title: 'Build it',
          stage: 0,
          dependsOn: [],
          when: 'on_success',
          env: { DEBUG: 'true' },
          config: { replicas: 2 },
          setVariables: {},
          timeoutMs: 1_800_000,
          retry: {
            attempts: 3,
            backoff: {
              initialMs: 2_000,
              factor: 2,
              maxMs: 60_000,
              jitter: 0.2,
            },
            on: ['BUSY'],
          },
        },
        expect.objectContaining({
          name: 'tidy',
          finally: true,
          when: 'always',
          stage: 1,
        }),
      ],
    });
  });

  it('takes the time of the run and the step from where they are known', () => {
    expect(
      compile(steps('{ name: a, type: simulate }')).definition?.timeoutMs,
    ).toBe(7_200_000);
    expect(
      compile(steps('{ name: a, type: simulate }'), { maxTimeoutMs: 60_000 })
        .definition?.timeoutMs,
    ).toBe(60_000);
    const [wait] = compile(steps('{ name: a, type: wait, duration: 5s }'))
      .definition!.steps;
    expect(wait.timeoutMs).toBe(60_000);
  });
});

describe('diagnostics', () => {
  it('carry file, line, column, the line itself and the nearest key', () => {
    const { diagnostics } = compile(
      steps('name: a\n      type: gitea-repo\n      reponame: x'),
    );
    expect(diagnostics[0]).toMatchObject({
      severity: 'error',
      code: 'WORKFLOW_UNKNOWN_KEY',
      pointer: '/spec/steps/0/reponame',
      file: 'w.yaml',
      line: 9,
      column: 7,
      source: { text: '      reponame: x', caret: 6 },
      suggestions: [
        'Did you mean "repoName"?',
        expect.stringContaining('Known keys: '),
      ],
    });
  });

  it.each([
    ['{ type: simulate }', 'WORKFLOW_STEP_NAME', '/spec/steps/0/name'],
    ['{ name: a }', 'WORKFLOW_STEP_TYPE', '/spec/steps/0/type'],
    [
      '{ name: 1a, type: simulate }',
      'WORKFLOW_STEP_NAME',
      '/spec/steps/0/name',
    ],
    [
      '{ name: a, type: simulat }',
      'WORKFLOW_UNKNOWN_STEP_TYPE',
      '/spec/steps/0/type',
    ],
    [
      '{ name: a, type: simulate, when: sometimes }',
      'WORKFLOW_WHEN',
      '/spec/steps/0/when',
    ],
    [
      '{ name: a, type: simulate, if: "a ==" }',
      'WORKFLOW_CONDITION',
      '/spec/steps/0/if',
    ],
    [
      '{ name: a, type: simulate, timeout: soon }',
      'WORKFLOW_DURATION',
      '/spec/steps/0/timeout',
    ],
    [
      '{ name: a, type: simulate, retry: 0 }',
      'WORKFLOW_RETRY',
      '/spec/steps/0/retry',
    ],
    [
      '{ name: a, type: simulate, retry: { tries: 2 } }',
      'WORKFLOW_UNKNOWN_KEY',
      '/spec/steps/0/retry/tries',
    ],
    [
      '{ name: a, type: simulate, dependsOn: [b] }',
      'WORKFLOW_UNKNOWN_STEP',
      '/spec/steps/0/dependsOn/0',
    ],
    [
      '{ name: a, type: simulate, env: { X: [1] } }',
      'WORKFLOW_INVALID',
      '/spec/steps/0/env/X',
    ],
    [
      '{ name: a, type: scale, replicas: 9 }',
      'WORKFLOW_CONFIG',
      '/spec/steps/0/replicas',
    ],
    [
      '{ name: a, type: scale, config: {} }',
      'WORKFLOW_CONFIG',
      '/spec/steps/0/config/replicas',
    ],
    [
      '{ name: a, type: simulate, x: "${y" }',
      'WORKFLOW_REFERENCE',
      '/spec/steps/0/x',
    ],
    [
      '{ name: a, type: simulate, x: { $secretRef: y } }',
      'WORKFLOW_SECRET_FORGED',
      '/spec/steps/0/x/$secretRef',
    ],
  ])('%s is %s', (step, code, pointer) => {
    expect(problems(steps(step))).toEqual([`${code} ${pointer}`]);
    expect(compile(steps(step)).definition).toBeUndefined();
  });

  it.each([
    [
      'kind: Workflow\nmetadata: { name: a }\nspec: { steps: [{ name: a, type: simulate }] }',
      'WORKFLOW_API_VERSION',
    ],
    [
      'apiVersion: v2\nkind: Workflow\nmetadata: { name: a }\nspec: { steps: [{ name: a, type: simulate }] }',
      'WORKFLOW_API_VERSION',
    ],
    [
      'apiVersion: innominatus.dev/v1\nkind: Flow\nmetadata: { name: a }\nspec: { steps: [{ name: a, type: simulate }] }',
      'WORKFLOW_KIND',
    ],
    [`${HEAD}spec: { steps: [] }`, 'WORKFLOW_NO_STEPS'],
    [`${HEAD}spec: {}`, 'WORKFLOW_NO_STEPS'],
    [
      `${HEAD}specs: {}\nspec: { steps: [{ name: a, type: simulate }] }`,
      'WORKFLOW_UNKNOWN_KEY',
    ],
    [
      `${HEAD}spec: { step: 1, steps: [{ name: a, type: simulate }] }`,
      'WORKFLOW_UNKNOWN_KEY',
    ],
    [
      'apiVersion: innominatus.dev/v1\nkind: Workflow\nmetadata: { name: A_b }\nspec: { steps: [{ name: a, type: simulate }] }',
      'WORKFLOW_NAME',
    ],
    [
      'apiVersion: innominatus.dev/v1\nkind: Workflow\nspec: { steps: [{ name: a, type: simulate }] }',
      'WORKFLOW_INVALID',
    ],
    [
      `${HEAD}spec: { maxParallel: 0, steps: [{ name: a, type: simulate }] }`,
      'WORKFLOW_INVALID',
    ],
    [
      `${HEAD}spec: { onFailure: retry, steps: [{ name: a, type: simulate }] }`,
      'WORKFLOW_INVALID',
    ],
    ['[]', 'WORKFLOW_INVALID'],
  ])('%s is refused', (text, code) => {
    expect(problems(text).map(problem => problem.split(' ')[0])).toContain(
      code,
    );
  });

  it('name the package that brings a step type which is not installed', () => {
    const { diagnostics } = compile(steps('{ name: a, type: git-check-pr }'));
    expect(diagnostics[0].message).toBe(
      'The step type "git-check-pr" is not installed. The package "@innominatus/backstage-plugin-innominatus-backend-module-git" brings it.',
    );
  });

  it('say what does the work of a step type that no package brings', () => {
    const { diagnostics } = compile(steps('{ name: a, type: terraform }'));
    expect(diagnostics[0]).toMatchObject({
      message: 'The step type "terraform" is not known.',
      suggestions: [
        'Use type "command" with the program "terraform".',
        'Use type "simulate" to see the workflow run without it.',
        'Or write a module with the step type: see the README of @innominatus/backstage-plugin-innominatus-node.',
        'Installed step types: gitea-repo, scale, simulate, wait.',
      ],
    });
  });

  it('only name packages that exist', () => {
    const plugins = readdirSync(resolve(__dirname, '../../../..'));
    for (const type of [
      'command',
      'kubernetes',
      'git-commit-manifests',
      'git-pr',
      'git-check-pr',
    ]) {
      const folder = moduleOfStepType(type)?.split('backstage-plugin-')[1];
      expect(plugins).toContain(folder);
    }
    expect(moduleOfStepType('terraform')).toBeUndefined();
  });

  it('limit the number of steps', () => {
    const many = Array.from(
      { length: 501 },
      (_, i) => `{ name: s${i}, type: simulate }`,
    );
    expect(problems(steps(...many))).toEqual([
      'WORKFLOW_TOO_MANY_STEPS /spec/steps',
    ]);
    expect(problems(steps(...many), { maxSteps: 600 })).toEqual([]);
  });

  it('refuse a timeout beyond the policy', () => {
    expect(
      problems(
        `${HEAD}spec: { timeout: 3h, steps: [{ name: a, type: simulate }] }`,
        {
          maxTimeoutMs: 3_600_000,
        },
      ),
    ).toEqual(['WORKFLOW_TIMEOUT_TOO_LONG /spec/timeout']);
  });
});

describe('config', () => {
  it('is read flat and under config as one', () => {
    const [step] = compile(
      steps(
        '{ name: a, type: gitea-repo, repoName: x, private: true, config: { owner: me, private: true } }',
      ),
    ).definition!.steps;
    expect(step.config).toEqual({ repoName: 'x', private: true, owner: 'me' });
  });

  it('cannot say a key twice with different values', () => {
    expect(
      problems(
        steps(
          '{ name: a, type: gitea-repo, repoName: x, config: { repoName: y } }',
        ),
      ),
    ).toEqual(['WORKFLOW_KEY_TWICE /spec/steps/0/repoName']);
  });

  it('believes leaves with references and checks the others', () => {
    const text = (replicas: string, mode: string) =>
      steps(
        `{ name: a, type: scale, config: { replicas: "${replicas}", mode: ${mode} } }`,
      );
    expect(problems(text('${params.n}', 'up'))).toEqual([]);
    expect(problems(text('three', 'up'))).toEqual([
      'WORKFLOW_CONFIG /spec/steps/0/config/replicas',
    ]);
    expect(problems(text('${params.n}', 'sideways'))).toEqual([
      'WORKFLOW_CONFIG /spec/steps/0/config/mode',
    ]);
    expect(
      problems(
        steps(
          '{ name: a, type: scale, config: { replicas: 1, target: "${params.t}" } }',
        ),
      ),
    ).toEqual([]);
  });

  it('takes outputs for the step type where its schema knows them', () => {
    const [scale, other] = compile(
      steps(
        '{ name: a, type: scale, replicas: 1, outputs: [x] }',
        '{ name: b, type: simulate, outputs: [y] }',
      ),
    ).definition!.steps;
    expect([scale.config.outputs, other.config.outputs, other.outputs]).toEqual(
      [['x'], undefined, ['y']],
    );
  });
});

describe('earlier forms', () => {
  it.each(['workflow.dev/v1', 'orchestrator.innominatus.dev/v1'])(
    '%s is read',
    apiVersion => {
      const { definition, diagnostics } = compile(`apiVersion: ${apiVersion}
kind: Workflow
metadata: { name: old, description: d }
variables: { region: eu }
spec:
  steps:
    - { name: a, type: simulate, timeout: 300, x: $region }
`);
      expect(definition).toMatchObject({
        variables: { region: 'eu' },
        steps: [{ timeoutMs: 300_000 }],
      });
      expect(diagnostics.map(d => [d.severity, d.pointer])).toEqual([
        ['info', '/apiVersion'],
        ['info', '/variables'],
        ['info', '/spec/steps/0/timeout'],
      ]);
      expect(diagnostics[1].message).toContain('"spec.variables"');
    },
  );

  it('top-level steps are read', () => {
    const { definition, diagnostics } = compile(
      'metadata: { name: old }\nsteps:\n  - { name: a, type: simulate, when: Success }\n',
    );
    expect(definition?.steps[0].when).toBe('on_success');
    expect(diagnostics.every(d => d.severity === 'info')).toBe(true);
  });

  it('saying a key beside and under spec is an error', () => {
    expect(
      problems(
        `${HEAD}steps: []\nspec: { steps: [{ name: a, type: simulate }] }`,
      ),
    ).toEqual(['WORKFLOW_KEY_TWICE /steps']);
  });
});
