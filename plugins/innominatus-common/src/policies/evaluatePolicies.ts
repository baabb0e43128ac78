import { JsonObject, JsonValue } from '../json';
import { CelExpression, CelSubject, compileCel } from './cel';
import { LIMIT_CHECKS, Violation } from './checks';
import { selectPolicies } from './selectPolicies';
import {
  PolicyDefinition,
  PolicyInput,
  PolicyRule,
  PolicyVerdict,
} from './types';

/**
 * Asks every policy that a plan is subject to: those of the platform first,
 * then of products, then of applications. Pure: the same plan gets the same
 * answer.
 *
 * @remarks
 * A rule that cannot be evaluated is broken: what a policy could not look at
 * does not pass.
 *
 * @public
 */
export function evaluatePolicies(
  policies: readonly PolicyDefinition[],
  input: PolicyInput,
): PolicyVerdict[] {
  const subject = CelSubject.create(toVariables(input));
  return selectPolicies(policies, input).flatMap(policy =>
    verdictsOf(policy, input, subject),
  );
}

function verdictsOf(
  policy: PolicyDefinition,
  input: PolicyInput,
  subject: CelSubject,
): PolicyVerdict[] {
  const violations: Violation[] = [
    ...LIMIT_CHECKS.flatMap(check => check(policy, input)),
    ...policy.rules.flatMap(rule => {
      const message = violationOf(rule, subject);
      return message === undefined ? [] : [{ rule: rule.name, message }];
    }),
  ];
  const position = { file: policy.source, line: policy.line };
  return violations.length === 0
    ? [{ name: policy.name, result: 'pass', position }]
    : violations.map(violation => ({
        name: policy.name,
        result: policy.enforcement,
        ...violation,
        position,
      }));
}

function violationOf(
  rule: PolicyRule,
  subject: CelSubject,
): string | undefined {
  const answer = evaluate(rule.expression, subject);
  if (answer.ok && answer.value === true) {
    return undefined;
  }
  if (!answer.ok || answer.value !== false) {
    const reason = answer.ok
      ? `it answers ${JSON.stringify(answer.value)} instead of true or false`
      : answer.problem;
    return `The rule "${rule.name}" could not be evaluated: ${reason}`;
  }
  const message =
    rule.messageExpression === undefined
      ? undefined
      : evaluate(rule.messageExpression, subject);
  return message?.ok && typeof message.value === 'string'
    ? message.value
    : rule.message;
}

function toVariables(input: PolicyInput): Record<string, JsonValue> {
  const { user = { ref: '', groups: [] } } = input;
  // Without what is `undefined`, which CEL has no word for.
  return JSON.parse(JSON.stringify({ ...input, user })) as JsonObject;
}

function evaluate(
  text: string,
  subject: CelSubject,
): ReturnType<CelExpression['evaluate']> {
  const compiled = compiledOf(text);
  return compiled.ok ? compiled.expression.evaluate(subject) : compiled;
}

const MOST_KEPT = 1_000;
const kept = new Map<string, ReturnType<typeof compileCel>>();

/** Compiling costs more than most evaluations. */
function compiledOf(text: string): ReturnType<typeof compileCel> {
  const known = kept.get(text);
  if (known) {
    return known;
  }
  if (kept.size >= MOST_KEPT) {
    kept.clear();
  }
  const compiled = compileCel(text);
  kept.set(text, compiled);
  return compiled;
}
