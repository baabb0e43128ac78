import { selectPolicies, PolicySubject } from './selectPolicies';
import { PolicyDefinition, PolicyPhase, RequiredWorkflow } from './types';

/**
 * A workflow that a policy has run with a deployment, and where.
 *
 * @public
 */
export interface PlacedWorkflow extends RequiredWorkflow {
  phase: PolicyPhase;
  /** Name of the policy that requires it. */
  policy: string;
}

const DEFAULT_PHASE: PolicyPhase = 'pre-deployment';

/**
 * The workflows that policies have run with a deployment: those of the platform
 * first, then of products, then of applications, each once in a phase.
 *
 * @remarks
 * Policies that only warn have nothing run. `present` are the workflows that
 * the golden path runs by itself; of these only those are answered whose policy
 * names a phase.
 *
 * @public
 */
export function requiredWorkflows(
  policies: readonly PolicyDefinition[],
  subject: PolicySubject,
  present: readonly string[],
): PlacedWorkflow[] {
  const all = selectPolicies(policies, subject)
    .filter(({ enforcement }) => enforcement === 'deny')
    .flatMap(policy =>
      (policy.workflows?.required ?? []).map(workflow => ({
        ...workflow,
        policy: policy.name,
      })),
    );
  const placed = new Set(
    all.flatMap(({ name, phase }) => (phase === undefined ? [] : name)),
  );
  const known = new Set<string>();
  return all.flatMap(workflow => {
    const { name, parameters = {} } = workflow;
    if (
      workflow.phase === undefined &&
      (placed.has(name) || present.includes(name))
    ) {
      return [];
    }
    const phase = workflow.phase ?? DEFAULT_PHASE;
    const key = JSON.stringify([phase, name, parameters]);
    if (known.has(key)) {
      return [];
    }
    known.add(key);
    return [{ ...workflow, phase }];
  });
}
