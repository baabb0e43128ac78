import {
  Plan,
  PlanCost,
  PolicyResult,
} from '@innominatus/backstage-plugin-innominatus-common';
import { environmentInput } from '../environments/environmentInput';
import { PreparedRun } from './prepareRun';
import { DeploymentSubject } from './DeploymentPlanner';
import { sha256Of } from './sha256';
import { PlanParts, PlannedDeployment } from './types';

const MOST_MOVES = 20;

/**
 * What a plan is made of, each part hashed for itself: so a plan that is not
 * the same any more can say what moved.
 */
export function partsOf(options: {
  subject: DeploymentSubject;
  scoreHash: string;
  run: PreparedRun;
  work: PlannedDeployment['work'];
  resources: PlannedDeployment['resources'];
  manifests: PlannedDeployment['manifests'];
  policies: PolicyResult[];
  cost: PlanCost | undefined;
}): PlanParts {
  const { subject, run, work, policies, cost } = options;
  const { environment, request } = subject;
  return {
    action: request.action,
    environment: sha256Of([
      environmentInput(environment),
      environment.rules?.approval ?? {},
      environment.budget ?? {},
    ]),
    // Not the entity that was found: it may appear in the catalog any moment,
    // and changes nothing of what is deployed.
    entityRef: request.entityRef ?? '',
    score: options.scoreHash,
    goldenPath: sha256Of([run.goldenPath, run.definition]),
    parameters: sha256Of(run.parameters),
    resources: sha256Of([options.resources, work.removals]),
    manifests: sha256Of(
      options.manifests.map(({ changes, diff, ...manifest }) => manifest),
    ),
    // Not their messages: they may count, or name the time.
    policies: sha256Of(policies.map(({ name, result }) => [name, result])),
    cost: sha256Of([cost?.monthly ?? 0, cost?.budget?.result ?? '']),
  };
}

/** One hash of all parts. */
export function hashOf(parts: PlanParts, name: string): string {
  return sha256Of([name, parts]);
}

/** What is not as the plan said, in lines for people. */
export function describeMoves(
  before: { plan: Plan; parts: PlanParts },
  after: PlannedDeployment,
): string[] {
  const { plan } = before;
  const moved = (part: keyof PlanParts) =>
    before.parts[part] !== after.parts[part];
  const lines: string[] = [];
  if (moved('score')) {
    lines.push('The Score spec is another one');
  }
  if (moved('environment')) {
    lines.push(`The environment "${plan.environment}" was changed`);
  }
  if (moved('goldenPath') && !moved('resources')) {
    lines.push(`The golden path "${after.run.goldenPath.name}" was changed`);
  }
  if (moved('parameters')) {
    lines.push('The parameters are other ones');
  }
  if (moved('resources')) {
    lines.push(...resourceMoves(plan, after));
  }
  if (moved('manifests')) {
    lines.push(...manifestMoves(plan, after));
  }
  if (moved('policies')) {
    lines.push('The policies judge it differently');
  }
  if (moved('cost')) {
    lines.push(
      `The cost is ${costText(after.cost)}, not ${costText(plan.cost)}`,
    );
  }
  if (lines.length === 0) {
    lines.push('What was asked for is another thing');
  }
  return lines.length > MOST_MOVES
    ? [...lines.slice(0, MOST_MOVES), `${lines.length - MOST_MOVES} more`]
    : lines;
}

function resourceMoves(plan: Plan, after: PlannedDeployment): string[] {
  const lines = compare(plan.resources, after.resources, {
    key: item => item.uid,
    label: item => `Resource ${item.name} (${item.type})`,
    same: (a, b) =>
      JSON.stringify(a.changes) === JSON.stringify(b.changes) &&
      a.provider?.version === b.provider?.version,
  });
  return lines.length > 0 ? lines : ['The resources were changed'];
}

function manifestMoves(plan: Plan, after: PlannedDeployment): string[] {
  const lines = compare(plan.manifests, after.manifests, {
    key: item => `${item.apiVersion}/${item.kind}/${item.name}`,
    label: item => `Manifest ${item.kind}/${item.name}`,
    same: (a, b) => a.before === b.before && a.after === b.after,
  });
  return lines.length > 0 ? lines : ['The manifests were changed'];
}

function compare<T extends { action: string }>(
  before: T[],
  after: T[],
  by: {
    key: (item: T) => string;
    label: (item: T) => string;
    same: (a: T, b: T) => boolean;
  },
): string[] {
  const old = new Map(before.map(item => [by.key(item), item]));
  const lines: string[] = [];
  for (const item of after) {
    const previous = old.get(by.key(item));
    old.delete(by.key(item));
    if (!previous) {
      lines.push(`${by.label(item)}: ${item.action}, was not in the plan`);
    } else if (previous.action !== item.action) {
      lines.push(`${by.label(item)}: ${item.action}, not ${previous.action}`);
    } else if (!by.same(previous, item)) {
      lines.push(`${by.label(item)}: ${item.action}, but not the same`);
    }
  }
  for (const item of old.values()) {
    lines.push(`${by.label(item)}: not part of it any more`);
  }
  return lines;
}

function costText(cost: PlanCost | undefined): string {
  return cost
    ? `${cost.monthly.toFixed(2)} ${cost.currency} per month`
    : 'unknown';
}
