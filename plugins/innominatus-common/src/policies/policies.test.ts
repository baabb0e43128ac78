import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readDefinitions } from '../definitions';
import { compileCel } from './cel';
import { evaluatePolicies } from './evaluatePolicies';
import {
  policyTestCaseSchema,
  readPolicyTestCases,
  testPolicies,
} from './testPolicies';
import { PolicyInput } from './types';

const ROOT = resolve(__dirname, '../../../..');

const read = (spec: string, name = 'test') =>
  readDefinitions(
    `apiVersion: innominatus.dev/v1\nkind: Policy\nmetadata: { name: ${name} }\nspec: ${spec}\n`,
    { file: 'policy.yaml' },
  );

/** An input with the usual in it, and more. */
const input = (more: object = {}): PolicyInput =>
  policyTestCaseSchema.parse({ name: 'x', input: more, expect: {} }).input;

const judge = (spec: string, more: object = {}) => {
  const { definitions, diagnostics } = read(spec);
  expect(diagnostics).toEqual([]);
  return evaluatePolicies(definitions.policies, input(more)).map(
    ({ result, rule, message }) =>
      result === 'pass' ? 'pass' : `${result} ${rule}: ${message}`,
  );
};

const steps = (...types: string[]) => ({
  plan: { steps: types.map((type, i) => ({ name: `s${i}`, type })) },
});

describe('the policies of the examples', () => {
  it('do what their cases say', () => {
    const { definitions } = readDefinitions(
      readFileSync(join(ROOT, 'examples/policies/guardrails.yaml'), 'utf8'),
    );
    const { cases } = z
      .object({ cases: z.array(policyTestCaseSchema) })
      .parse(
        parse(
          readFileSync(
            join(ROOT, 'examples/policy-tests/guardrails.yaml'),
            'utf8',
          ),
        ),
      );
    const results = testPolicies(definitions.policies, cases);
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
    expect(results.length).toBeGreaterThan(5);
  });
});

describe('the page about policies', () => {
  it('shows a policy that does what its cases say', () => {
    const page = readFileSync(join(ROOT, 'docs/platform/policies.md'), 'utf8');
    const [policy, required, cases] = [
      ...page.matchAll(/```yaml\n([^]*?)```/g),
    ].map(([, text]) => text);
    expect(
      read(JSON.stringify(parse(required))).definitions.policies,
    ).toMatchObject([
      {
        workflows: {
          required: [
            { phase: 'pre-deployment' },
            { phase: 'post-deployment' },
            { name: 'look-for-freeze' },
          ],
        },
      },
    ]);
    const found = readPolicyTestCases(parse(cases));
    expect(found).toHaveProperty('cases');
    const results = testPolicies(
      readDefinitions(policy).definitions.policies,
      'cases' in found ? found.cases : [],
    );
    expect(results.map(({ problems }) => problems)).toEqual([[], []]);
  });
});

describe('a policy', () => {
  it('requires and allows workflows', () => {
    const spec =
      '{ workflows: { required: [scan], allowed: [deploy-app, scan] } }';
    expect(judge(spec, { plan: { workflows: ['scan'] } })).toEqual(['pass']);
    expect(judge(spec, { plan: { workflows: ['other'] } })).toEqual([
      expect.stringContaining('workflows.required: The workflow "scan"'),
      expect.stringContaining('"other" is not allowed'),
    ]);
  });

  it('allows and denies step types', () => {
    expect(
      judge('{ stepTypes: { denied: [command] } }', steps('http', 'command')),
    ).toEqual([expect.stringContaining('"s1" is of the type "command"')]);
    expect(
      judge('{ stepTypes: { allowed: [http] } }', steps('http', 'wait')),
    ).toEqual([expect.stringContaining('Allowed are: http')]);
    for (const list of ['allowed: [http, unknown]', 'denied: [command]']) {
      expect(judge(`{ stepTypes: { ${list} } }`, steps('unknown'))).toEqual([
        expect.stringContaining('only known once it runs'),
      ]);
    }
    expect(judge('{ limits: { steps: 3 } }', steps('unknown'))).toEqual([
      'pass',
    ]);
  });

  it('limits steps, duration and what is in progress at the same time', () => {
    const spec = '{ limits: { steps: 2, duration: 1h, concurrency: 2 } }';
    expect(judge(spec, steps('a', 'b'))).toEqual(['pass']);
    expect(
      judge(spec, { plan: { ...steps('a', 'b', 'c').plan, timeoutMs: 9e6 } }),
    ).toEqual([
      'deny limits.steps: There are 3 steps, at most 2 are allowed.',
      expect.stringContaining('may take 2h30m, at most 1h'),
      expect.stringContaining('3 steps may be in progress'),
    ]);
    expect(
      judge('{ limits: { concurrency: 2 } }', {
        plan: { ...steps('a', 'b', 'c').plan, maxParallel: 2 },
      }),
    ).toEqual(['pass']);
  });

  it('says where things go, who starts them, how many agree, and what is overridden', () => {
    expect(judge('{ environments: { allowedTypes: [staging] } }')).toEqual([
      expect.stringContaining('may not go to "development"'),
    ]);
    expect(judge('{ approvals: { quorum: 2 } }')).toEqual([
      expect.stringContaining('2 approvals are required'),
    ]);
    expect(
      judge('{ approvals: { quorum: 2 } }', { plan: { approvals: 2 } }),
    ).toEqual(['pass']);
    const executors = '{ executors: { allowed: ["group:ops"] } }';
    expect(judge(executors)).toEqual([expect.stringContaining('Nobody')]);
    expect(
      judge(executors, {
        user: { ref: 'user:default/a', groups: ['group:default/ops'] },
      }),
    ).toEqual(['pass']);
    expect(
      judge('{ overrides: { allowed: ["containers.*.image"] } }', {
        plan: { overrides: ['containers.web.image', 'service.ports'] },
      }),
    ).toEqual([expect.stringContaining('"service.ports"')]);
  });

  it('is asked only about what it applies to, and about removals only when it says so', () => {
    const broken = 'rules: [{ name: no, expression: "false", message: No }]';
    expect(judge(`{ appliesTo: { environments: [prod] }, ${broken} }`)).toEqual(
      [],
    );
    expect(judge(`{ ${broken} }`, { plan: { action: 'delete' } })).toEqual([]);
    expect(
      judge(`{ appliesTo: { actions: [delete] }, ${broken} }`, {
        plan: { action: 'delete' },
      }),
    ).toEqual(['deny no: No']);
    expect(
      judge(`{ tier: product, appliesTo: { products: [shop] }, ${broken} }`, {
        application: { name: 'x', product: 'blog' },
      }),
    ).toEqual([]);
  });

  it('warns where it does not deny', () => {
    expect(
      judge(
        '{ enforcement: warn, rules: [{ name: no, expression: "false", message: No }] }',
      ),
    ).toEqual(['warn no: No']);
  });

  it('is asked after those of wider tiers', () => {
    const { definitions } = readDefinitions(
      [
        ['a', '{ tier: application, appliesTo: { applications: [app] } }'],
        ['b', '{ tier: product, appliesTo: { products: [shop] } }'],
        ['c', '{}'],
      ]
        .map(
          ([name, spec]) =>
            `apiVersion: innominatus.dev/v1\nkind: Policy\nmetadata: { name: ${name} }\nspec: ${spec}\n`,
        )
        .join('---\n'),
    );
    expect(
      evaluatePolicies(
        definitions.policies,
        input({ application: { name: 'app', product: 'shop' } }),
      ).map(({ name }) => name),
    ).toEqual(['c', 'b', 'a']);
  });

  it.each([
    ['{ tier: product }', 'Add "products"', 'suggestions'],
    [
      '{ rules: [{ name: a, expression: "1 +", message: m }] }',
      'cannot be used',
      'message',
    ],
    [
      '{ rules: [{ name: a, expression: "params.x == enviroment.y", message: m }] }',
      'Did you mean "environment"',
      'message',
    ],
    [
      '{ rules: [{ name: a, expression: "true", message: m }, { name: a, expression: "true", message: m }] }',
      'there twice',
      'message',
    ],
    ['{ limits: { duration: 20 } }', 'duration', 'message'],
    ['{ limit: {} }', 'limits', 'suggestions'],
  ])('%s is refused', (spec, text) => {
    const { definitions, diagnostics } = read(spec);
    expect(definitions.policies).toEqual([]);
    expect(JSON.stringify(diagnostics)).toContain(text.replace(/"/g, '\\"'));
  });
});

describe('a rule', () => {
  const rule = (expression: string) =>
    `{ rules: [{ name: r, expression: ${JSON.stringify(expression)}, message: M }] }`;

  it('sees numbers, lists and maps as CEL does', () => {
    const more = {
      params: { size: 3, ratio: 0.5, zones: ['a', 'b'] },
      spec: { containers: { web: { image: 'x:1' } } },
    };
    for (const expression of [
      'params.size + 1 == 4',
      'params.ratio < 1.0',
      'params.size > 2.5',
      "'a' in params.zones",
      "spec.containers.exists(c, spec.containers[c].image.startsWith('x'))",
      "environment.type.matches('^dev')",
      'has(params.nothing) || size(params.zones) == 2',
      'user.groups.size() == 0',
    ]) {
      expect([expression, judge(rule(expression), more)]).toEqual([
        expression,
        ['pass'],
      ]);
    }
  });

  it('that cannot be evaluated does not pass', () => {
    expect(judge(rule('params.nothing > 3'))).toEqual([
      expect.stringMatching(/^deny r: The rule "r" could not be evaluated/),
    ]);
    expect(judge(rule('plan.action'))).toEqual([
      expect.stringContaining('"deploy" instead of true or false'),
    ]);
  });

  it('says with its own expression what is wrong', () => {
    expect(
      judge(
        '{ rules: [{ name: r, expression: "false", message: M, messageExpression: "\'not in \' + environment.name" }] }',
      ),
    ).toEqual(['deny r: not in development']);
  });

  it('ends soon, whatever it asks of however much', () => {
    const many = {
      params: { list: Array.from({ length: 3_000 }, (_, i) => i) },
    };
    const before = Date.now();
    expect(
      judge(rule('params.list.all(a, params.list.all(b, a + b >= 0))'), many),
    ).toEqual([expect.stringContaining('more than 100000 elements')]);
    // Catastrophic for engines that go back.
    expect(
      judge(rule("params.text.matches('^(a+)+$')"), {
        params: { text: `${'a'.repeat(5_000)}!` },
      }),
    ).toEqual(['deny r: M']);
    expect(Date.now() - before).toBeLessThan(5_000);
  });

  it.each([
    [
      'a text that grows',
      `${`params.text${".replace('a', 'aaaaaaaaaa')".repeat(12)}`}.size() > 0`,
    ],
    [
      'many pieces of a text',
      "params.text.split('').all(x, params.text.split('').all(y, x == y))",
    ],
    [
      'a long text put together again',
      "params.text.replace('a', 'b').size() > 0",
    ],
    [
      'a large pattern on a long text',
      `params.text.matches('${'(a|b|ab)*'.repeat(300)}c')`,
    ],
    [
      'a long text over and over',
      "params.list.all(x, !params.text.contains('b'))",
    ],
    [
      'a pattern over and over',
      "params.list.all(x, !params.text.matches('b$'))",
    ],
    [
      'a format that repeats',
      `['%s%s%s%s'].all(f, f.format([params.text, params.text, params.text, params.text]).upperAscii().split('').size() > 0)`,
    ],
    ['a list over and over', 'params.list.all(x, !(-1 in params.list))'],
    [
      'what equals something in a list',
      'params.list.all(x, params in [params])',
    ],
    ['what is equal over and over', 'params.list.all(x, params == params)'],
    [
      'all as text over and over',
      "params.list.all(x, '%s'.format([params]) != '')",
    ],
    [
      'much work for each element',
      `params.list.all(x, ${'x >= 0 && '.repeat(150)}true)`,
    ],
  ])('that asks for %s is stopped', (_, expression) => {
    const before = Date.now();
    expect(
      judge(rule(expression), {
        params: {
          text: 'a'.repeat(200_000),
          list: Array.from({ length: 50_000 }, (_value, i) => i),
        },
      }),
    ).toEqual([expect.stringMatching(/could not be evaluated: .*looked at/)]);
    expect(Date.now() - before).toBeLessThan(5_000);
  });

  it('leaves nothing for others when many together look at too much', () => {
    const rules = Array.from(
      { length: 20 },
      (_, i) =>
        `{ name: r${i}, expression: 'params.list.all(x, params.list[0] == 0 || x >= 0)', message: M }`,
    );
    const before = Date.now();
    const verdicts = judge(`{ rules: [${rules.join(', ')}] }`, {
      params: { list: Array.from({ length: 50_000 }, (_, i) => i) },
    });
    expect(verdicts.length).toBeGreaterThan(5);
    expect(verdicts.at(-1)).toContain('more than 500000 elements');
    expect(Date.now() - before).toBeLessThan(20_000);
  });

  it('works with texts as they are in practice', () => {
    const params = {
      image: 'ghcr.io/example/orders:v1.2.3',
      names: ['a', 'b'],
    };
    for (const expression of [
      "params.image.split(':')[1].replace('v', '') == '1.2.3'",
      "params.image.matches('^ghcr[.]io/[a-z/]+:v[0-9.]+$')",
      "params.names.join(', ') == 'a, b'",
      "'%s has %d'.format([params.image, 2]).endsWith('has 2')",
      "params.image.upperAscii().contains('ORDERS')",
      "params.names.all(n, params.image.indexOf(n) >= 0 || n == 'b')",
    ]) {
      expect([expression, judge(rule(expression), { params })]).toEqual([
        expression,
        ['pass'],
      ]);
    }
  });

  it.each([
    ['too long', `true ${'|| true'.repeat(1_000)}`, 'longer than'],
    [
      'too large',
      `[${'1,'.repeat(1_100)}1].size() > 0`,
      'more than 1000 parts',
    ],
    [
      'nested too deep',
      'params.a.all(x, params.a.all(y, params.a.all(z, true)))',
      'inside of each other',
    ],
  ])('that is %s is not taken', (_, expression, problem) => {
    expect(compileCel(expression)).toEqual({
      ok: false,
      problem: expect.stringContaining(problem),
    });
  });
});
