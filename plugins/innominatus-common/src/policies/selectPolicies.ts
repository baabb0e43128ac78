import { POLICY_TIERS, PolicyDefinition, PolicyInput } from './types';

/** What policies are only asked about when they say so. */
const OTHER_ACTIONS = ['delete', 'deprovision', 'run'];

/**
 * What tells whether a policy is asked; known before the plan is there.
 *
 * @public
 */
export interface PolicySubject {
  environment: { name: string; type: string };
  plan: Pick<PolicyInput['plan'], 'action' | 'goldenPath'>;
  application: PolicyInput['application'];
}

/** The policies that something is subject to, in the order they are asked. */
export function selectPolicies(
  policies: readonly PolicyDefinition[],
  subject: PolicySubject,
): PolicyDefinition[] {
  return policies
    .filter(policy => applies(policy, subject))
    .sort(
      (a, b) =>
        POLICY_TIERS.indexOf(a.tier) - POLICY_TIERS.indexOf(b.tier) ||
        (a.name < b.name ? -1 : 1),
    );
}

function applies(policy: PolicyDefinition, subject: PolicySubject): boolean {
  const { appliesTo } = policy;
  const { environment, plan, application } = subject;
  const has = (list: string[] | undefined, value: string | undefined) =>
    list === undefined || (value !== undefined && list.includes(value));
  return (
    (appliesTo.actions === undefined
      ? !OTHER_ACTIONS.includes(plan.action)
      : appliesTo.actions.includes(plan.action)) &&
    has(appliesTo.environments, environment.name) &&
    has(appliesTo.environmentTypes, environment.type) &&
    has(appliesTo.goldenPaths, plan.goldenPath) &&
    has(appliesTo.products, application.product) &&
    has(appliesTo.applications, application.name) &&
    has(appliesTo.owners, application.owner)
  );
}
