import { z } from 'zod';
import { JsonObject, JsonValue } from '../json';
import { evaluatePolicies } from './evaluatePolicies';
import { PolicyDefinition, PolicyInput, PolicyVerdict } from './types';

/**
 * A plan and what the policies should say of it.
 *
 * @public
 */
export interface PolicyTestCase {
  name: string;
  input: PolicyInput;
  expect: {
    result: 'pass' | 'warn' | 'deny';
    /** Parts of messages that have to be there, by policy or rule or not. */
    messages?: string[];
    /** Rules that have to be broken, as `policy/rule`; and no others. */
    violations?: string[];
  };
}

/** @public */
export interface PolicyTestResult {
  name: string;
  passed: boolean;
  /** What was expected and did not come, one sentence each. */
  problems: string[];
  verdicts: PolicyVerdict[];
}

const json: z.ZodType<JsonValue> = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);

const inputSchema = z.strictObject({
  spec: jsonObject.default({}).transform((spec): JsonObject => ({
    // A Score spec always has these, once it was read.
    metadata: {},
    containers: {},
    resources: {},
    ...spec,
  })),
  plan: z
    .strictObject({
      action: z.string().default('deploy'),
      goldenPath: z.string().default('deploy-app'),
      workflows: z.array(z.string()).default([]),
      steps: z
        .array(
          z.strictObject({
            name: z.string(),
            type: z.string(),
            stage: z.number().default(0),
            config: jsonObject.default({}),
          }),
        )
        .default([]),
      timeoutMs: z.number().default(0),
      maxParallel: z.number().optional(),
      resources: z
        .array(
          z.strictObject({
            name: z.string(),
            type: z.string(),
            class: z.string().default('default'),
            action: z.string().default('create'),
            shared: z.boolean().default(false),
            params: jsonObject.default({}),
          }),
        )
        .default([]),
      manifests: z.array(jsonObject).default([]),
      approvals: z.number().default(0),
      overrides: z.array(z.string()).default([]),
      monthlyCost: z.number().optional(),
    })
    .prefault({}),
  environment: z
    .object({
      name: z.string().default('development'),
      type: z.string().default('development'),
    })
    .catchall(json)
    .prefault({}),
  params: jsonObject.default({}),
  application: z
    .strictObject({
      name: z.string().default('app'),
      owner: z.string().optional(),
      product: z.string().optional(),
    })
    .prefault({}),
  user: z
    .strictObject({
      ref: z.string(),
      groups: z.array(z.string()).default([]),
    })
    .optional(),
});

/**
 * A test case as people write it: what is left out of the input is empty.
 *
 * @public
 */
export const policyTestCaseSchema = z.strictObject({
  name: z.string().min(1).max(256),
  input: inputSchema.prefault({}),
  expect: z.strictObject({
    result: z.enum(['pass', 'warn', 'deny']).default('pass'),
    messages: z.array(z.string()).optional(),
    violations: z.array(z.string()).optional(),
  }),
});

/**
 * Reads a file of test cases: a list under `cases`.
 *
 * @public
 */
export function readPolicyTestCases(
  value: unknown,
): { cases: PolicyTestCase[] } | { problem: string } {
  const result = z
    .strictObject({ cases: z.array(policyTestCaseSchema).min(1) })
    .safeParse(value);
  if (result.success) {
    return result.data;
  }
  const [issue] = result.error.issues;
  return { problem: `${issue.path.map(String).join('.')}: ${issue.message}` };
}

/**
 * Holds policies against cases, without a backend.
 *
 * @public
 */
export function testPolicies(
  policies: readonly PolicyDefinition[],
  cases: readonly PolicyTestCase[],
): PolicyTestResult[] {
  return cases.map(({ name, input, expect }) => {
    const verdicts = evaluatePolicies(policies, input);
    const problems = problemsOf(verdicts, expect);
    return { name, passed: problems.length === 0, problems, verdicts };
  });
}

function problemsOf(
  verdicts: PolicyVerdict[],
  expected: PolicyTestCase['expect'],
): string[] {
  const result = worstOf(verdicts);
  const broken = verdicts.filter(verdict => verdict.result !== 'pass');
  const said = broken.map(({ message }) => message ?? '');
  const problems: string[] = [];
  if (result !== expected.result) {
    problems.push(
      `Expected "${expected.result}", got "${result}"${said.length > 0 ? `: ${said.join(' ')}` : '.'}`,
    );
  }
  for (const message of expected.messages ?? []) {
    if (!said.some(one => one.includes(message))) {
      problems.push(`No message contains "${message}".`);
    }
  }
  if (expected.violations) {
    const names = broken.map(({ name, rule }) => `${name}/${rule}`);
    const { violations } = expected;
    const missing = violations.filter(name => !names.includes(name));
    const more = names.filter(name => !violations.includes(name));
    problems.push(
      ...missing.map(name => `"${name}" was not broken.`),
      ...more.map(name => `"${name}" was broken, too.`),
    );
  }
  return problems;
}

function worstOf(verdicts: PolicyVerdict[]): 'pass' | 'warn' | 'deny' {
  for (const result of ['deny', 'warn'] as const) {
    if (verdicts.some(verdict => verdict.result === result)) {
      return result;
    }
  }
  return 'pass';
}
