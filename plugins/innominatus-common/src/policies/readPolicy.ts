import { toJsonPointer } from '../diagnostics';
import { checkSchema } from '../definitions/checkSchema';
import { Report } from '../workflow/compile/report';
import { WorkflowDocument } from '../workflow/compile/readWorkflowDocuments';
import { compileCel } from './cel';
import { policySchema } from './policySchema';
import { PolicyDefinition } from './types';

/** Reads a document of `kind: Policy`; its rules are compiled, so that they hold. */
export function readPolicy(
  document: WorkflowDocument,
  report: Report,
): PolicyDefinition | undefined {
  const value = checkSchema({
    schema: policySchema,
    value: document.value,
    report,
  });
  if (!value) {
    return undefined;
  }
  const policy: PolicyDefinition = {
    ...value.metadata,
    ...value.spec,
    source: document.file,
    line: document.locate('/metadata/name', 'value')?.line ?? 1,
  };
  checkTier(policy, report);
  checkRules(policy, report);
  return report.failed ? undefined : policy;
}

/** Who makes rules for a product says which one, and the same for applications. */
function checkTier(
  { tier, appliesTo }: PolicyDefinition,
  report: Report,
): void {
  const needed = {
    platform: undefined,
    product: 'products',
    application: 'applications',
  } as const;
  const key = needed[tier];
  if (key !== undefined && appliesTo[key] === undefined) {
    report.error(
      'POLICY_TIER',
      '/spec/tier',
      `A policy of the tier "${tier}" has to say whom it is for.`,
      [`Add "${key}" to "appliesTo".`],
    );
  }
}

function checkRules(policy: PolicyDefinition, report: Report): void {
  const { rules } = policy;
  rules.forEach((rule, index) => {
    const pointer = toJsonPointer(['spec', 'rules', index]);
    if (rules.findIndex(other => other.name === rule.name) !== index) {
      report.error(
        'POLICY_RULE',
        `${pointer}/name`,
        `The rule "${rule.name}" is there twice.`,
      );
    }
    for (const key of ['expression', 'messageExpression'] as const) {
      const text = rule[key];
      const compiled = text === undefined ? undefined : compileCel(text);
      if (compiled && !compiled.ok) {
        report.error(
          'POLICY_EXPRESSION',
          `${pointer}/${key}`,
          `The ${key === 'expression' ? 'expression' : 'expression of the message'} of the rule "${rule.name}" cannot be used: ${compiled.problem}`,
        );
      }
    }
  });
}
