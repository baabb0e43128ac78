import {
  Plan,
  PlanRequest,
  PlannedManifest,
  unifiedDiff,
} from '@innominatus/backstage-plugin-innominatus-common';
import { countActions } from './deploymentActions';
import { Estimate } from './estimateSeconds';
import { PlannedDeployment } from './types';

/** How long a plan can be used. */
export const PLAN_LIFETIME_MS = 30 * 60_000;

/** What a plan keeps of the request, so that it can be carried out by its id. */
export type KeptRequest = Pick<
  PlanRequest,
  'entityRef' | 'target' | 'from' | 'prune' | 'resources'
>;

/** The plan as people read it. */
export function toPlan(
  planned: PlannedDeployment,
  options: {
    id: string;
    now: number;
    createdBy: string;
    request: KeptRequest;
    estimate: Estimate;
  },
): Plan {
  const { id, now, createdBy, request, estimate } = options;
  return {
    id,
    hash: planned.hash,
    environment: planned.environment.name,
    name: planned.name,
    action: planned.action,
    goldenPath: planned.run.goldenPath,
    entityRef: request.entityRef,
    target: request.target,
    from: request.from,
    repairs: request.resources,
    prune: request.prune === false ? false : undefined,
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + PLAN_LIFETIME_MS).toISOString(),
    createdBy,
    summary: countActions(planned),
    resources: planned.resources,
    manifests: planned.manifests.map(withDiff),
    steps: planned.run.definition.steps.map(
      ({ name, title, type, dependsOn, stage }) => ({
        name,
        title,
        type,
        dependsOn,
        stage,
      }),
    ),
    parameters: planned.run.parameters,
    estimatedSeconds: estimate.seconds,
    estimatedFrom: estimate.from,
    diagnostics: planned.diagnostics,
    policies: planned.policies,
    cost: planned.cost,
    warnings: planned.warnings,
    approval: planned.approval && {
      approvers: planned.approval.approvers,
      quorum: planned.approval.quorum,
      reasonRequired: planned.approval.reasonRequired,
    },
    // Never stored: it depends on who looks.
    allowedActions: { deploy: { allowed: false } },
  };
}

/** Why nobody can deploy it; nothing when somebody can. */
export function planBlockers(
  planned: Pick<Plan, 'policies' | 'cost'>,
): Array<{ code: string; message: string }> {
  const { policies, cost } = planned;
  return [
    ...policies
      .filter(policy => policy.result === 'deny')
      .map(policy => ({
        code: 'POLICY_DENIED',
        message: `The policy "${policy.name}" denies it${policy.message ? `: ${policy.message}` : '.'}`,
      })),
    ...(cost?.budget?.result === 'block'
      ? [{ code: 'BUDGET_EXCEEDED', message: cost.budget.message ?? '' }]
      : []),
  ];
}

function withDiff(manifest: PlannedManifest): PlannedManifest {
  const { action, before = '', after = '' } = manifest;
  return action === 'keep'
    ? manifest
    : { ...manifest, diff: unifiedDiff(before, after) };
}
