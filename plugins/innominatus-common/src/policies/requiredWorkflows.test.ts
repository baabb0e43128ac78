import { readDefinitions } from '../definitions';
import { evaluatePolicies } from './evaluatePolicies';
import { insertWorkflows } from './insertWorkflows';
import { requiredWorkflows } from './requiredWorkflows';
import { policyTestCaseSchema } from './testPolicies';

const HEAD = 'apiVersion: innominatus.dev/v1';

const policy = (name: string, spec: string) =>
  `---\n${HEAD}\nkind: Policy\nmetadata: { name: ${name} }\nspec: ${spec}\n`;

const workflow = (name: string, parameters = '{}') =>
  `---\n${HEAD}\nkind: Workflow\nmetadata: { name: ${name} }\nspec: { parameters: ${parameters}, steps: [{ name: a, type: simulate }] }\n`;

const PATH = `---
${HEAD}
kind: GoldenPath
metadata: { name: deploy-app }
spec:
  steps:
    - { name: provision, type: simulate, parallel: true }
    - { name: render, type: simulate, parallel: true }
    - { name: apply, type: simulate, dependsOn: [render] }
    - { name: tell, type: simulate, dependsOn: [apply], when: always }
    - { name: mend, type: simulate, dependsOn: [apply], when: on_failure }
  finally:
    - { name: clean, type: simulate }
`;

function read(text: string) {
  const { definitions, diagnostics } = readDefinitions(text, {
    file: 'policy.yaml',
  });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual(
    [],
  );
  return definitions;
}

function plan(
  text: string,
  options: { path?: string; present?: string[]; product?: string } = {},
) {
  const definitions = read(`${options.path ?? PATH}${text}`);
  const [goldenPath] = definitions.goldenPaths;
  const required = requiredWorkflows(
    definitions.policies,
    {
      environment: { name: 'development', type: 'development' },
      plan: { action: 'deploy', goldenPath: goldenPath.metadata.name },
      application: { name: 'orders', product: options.product },
    },
    options.present ?? [],
  );
  const { definition, unavailable } = insertWorkflows(goldenPath.workflow, {
    required,
    getWorkflow: name =>
      definitions.workflows.find(found => found.name === name),
    compile: { parameters: [] },
  });
  return { definitions, definition, unavailable, required };
}

const graph = ({ definition }: ReturnType<typeof plan>) =>
  Object.fromEntries(
    definition.steps.map(({ name, dependsOn }) => [name, dependsOn]),
  );

describe('required workflows', () => {
  it('come before, beside and after the golden path, the platform first', () => {
    const made = plan(
      policy(
        'a-shop',
        '{ tier: product, appliesTo: { products: [shop] }, workflows: { required: [{ name: freeze, phase: pre-deployment }] } }',
      ) +
        policy(
          'guard',
          '{ workflows: { required: [scan, { name: watch, phase: post-deployment }, { name: tell, phase: deployment }] } }',
        ) +
        ['freeze', 'scan', 'watch', 'tell']
          .map(name => workflow(name))
          .join(''),
      { product: 'shop' },
    );
    expect(graph(made)).toEqual({
      'pre-deployment-scan': [],
      'pre-deployment-freeze': ['pre-deployment-scan'],
      provision: ['pre-deployment-freeze'],
      render: ['pre-deployment-freeze'],
      apply: ['render'],
      tell: ['apply'],
      mend: ['apply'],
      clean: [],
      'deployment-tell': ['pre-deployment-freeze'],
      'post-deployment-watch': [
        'provision',
        'apply',
        'tell',
        'deployment-tell',
      ],
    });
    const byName = Object.fromEntries(
      made.definition.steps.map(step => [step.name, step]),
    );
    expect(byName['pre-deployment-scan']).toMatchObject({
      type: 'workflow',
      when: 'on_success',
      title: 'scan (required by guard)',
      config: { workflow: 'scan' },
      stage: 0,
    });
    expect(byName.clean.stage).toBeGreaterThan(
      byName['post-deployment-watch'].stage,
    );
  });

  it('are left to the golden path unless a phase is named', () => {
    const text =
      policy(
        'guard',
        '{ workflows: { required: [scan, { name: watch, phase: post-deployment }] } }',
      ) +
      policy(
        'other',
        '{ workflows: { required: [watch, { name: watch, phase: post-deployment }] } }',
      ) +
      workflow('scan') +
      workflow('watch');
    const made = plan(text, { present: ['scan', 'watch'] });
    expect(made.required).toEqual([
      { name: 'watch', phase: 'post-deployment', policy: 'guard' },
    ]);
  });

  it('of policies that do not apply, or only warn, are not run', () => {
    const made = plan(
      policy(
        'shop',
        '{ tier: product, appliesTo: { products: [shop] }, workflows: { required: [scan] } }',
      ) +
        policy(
          'hint',
          '{ enforcement: warn, workflows: { required: [scan] } }',
        ) +
        policy(
          'removal',
          '{ appliesTo: { actions: [delete] }, workflows: { required: [scan] } }',
        ) +
        workflow('scan'),
    );
    expect(made.required).toEqual([]);
    expect(made.definition).toBe(made.definitions.goldenPaths[0].workflow);
  });

  it('get names that no step has', () => {
    const long = `a${'b'.repeat(62)}`;
    const made = plan(
      policy('guard', `{ workflows: { required: [scan, scan-0, ${long}] } }`) +
        workflow('scan') +
        workflow('scan-0') +
        workflow(long),
      {
        path: `---
${HEAD}
kind: GoldenPath
metadata: { name: deploy-app }
spec:
  steps:
    - { name: pre-deployment-scan, type: simulate, forEach: [1, 2] }
`,
      },
    );
    expect(made.unavailable).toEqual({});
    const names = made.definition.steps.map(({ name }) => name);
    expect(names).toEqual([
      'pre-deployment-scan_2',
      'pre-deployment-scan-0_2',
      `pre-deployment-${long}`.slice(0, 63),
      'pre-deployment-scan',
    ]);
  });

  it.each<[string, string, string, RegExp]>([
    ['that do not exist', '[scan]', '', /There is no workflow "scan"/],
    [
      'with parameters that nobody gives',
      '[scan]',
      workflow('scan', '{ level: { type: string, required: true } }'),
      /level.*Set "parameters" beside its name in the policy "guard"/,
    ],
    [
      'with a parameter that they do not have',
      '[{ name: scan, parameters: { depth: "${app.name}" } }]',
      workflow('scan', '{ level: { type: string } }'),
      /depth/,
    ],
    [
      'with a reference to nothing',
      '[{ name: scan, parameters: { level: "${params.level}" } }]',
      workflow('scan', '{ level: { type: string } }'),
      /passes to it cannot be used: .*level/,
    ],
  ])(
    '%s block the plan, at the place of the policy',
    (_, list, more, reason) => {
      const made = plan(
        `${policy('guard', `{ workflows: { required: ${list} } }`)}${more}`,
      );
      expect(made.definition.steps.map(({ name }) => name)).not.toContain(
        'pre-deployment-scan',
      );
      const { input } = policyTestCaseSchema.parse({ name: 'x', expect: {} });
      // Also when the golden path would run it as well.
      for (const workflows of [[], ['scan']]) {
        const verdicts = evaluatePolicies(made.definitions.policies, {
          ...input,
          plan: { ...input.plan, workflows, unavailable: made.unavailable },
        });
        expect(verdicts).toEqual([
          {
            name: 'guard',
            result: 'deny',
            rule: 'workflows.required',
            message: expect.stringMatching(reason),
            position: { file: 'policy.yaml', line: expect.any(Number) },
          },
        ]);
      }
    },
  );

  it('take values of parameters, defaults and references', () => {
    const made = plan(
      policy(
        'guard',
        '{ workflows: { required: [{ name: scan, parameters: { level: high, depth: "${app.name}" } }] } }',
      ) +
        workflow(
          'scan',
          '{ level: { type: string, enum: [high, low], required: true }, depth: { type: integer, required: true }, more: { type: string, default: x } }',
        ),
    );
    expect(made.unavailable).toEqual({});
    expect(made.definition.steps[0].config).toEqual({
      workflow: 'scan',
      parameters: { level: 'high', depth: '${app.name}', more: 'x' },
    });
  });

  it('are refused with a phase that there is not', () => {
    const { definitions, diagnostics } = readDefinitions(
      policy(
        'guard',
        '{ workflows: { required: [{ name: a, phase: later }] } }',
      ),
    );
    expect(definitions.policies).toEqual([]);
    expect(diagnostics).toMatchObject([
      { severity: 'error', line: expect.any(Number) },
    ]);
  });
});
