import {
  Definitions,
  Environment,
  ProviderMatch,
  ProviderMatchResult,
  ResourceImpact,
  Workload,
  WorkloadResource,
  compareValues,
  joinJsonPointer,
  matchProvider,
} from '@innominatus/backstage-plugin-innominatus-common';
import { checkParameters, withParameterDefaults } from '../definitions';
import { ScorePlaces } from '../deployments/ScorePlaces';
import { checkOutputs } from '../deployments/checkOutputs';
import { maskChanges } from '../deployments/maskChanges';
import { reportContradictions } from '../deployments/reportContradictions';
import { SharedParams, shareParams } from '../deployments/sharedParams';
import { ResourceComparison } from './ResourceComparison';
import { SharedUse } from './sharedUses';

export interface ResourceImpactsOptions {
  workload: Workload;
  /** Score spec of the workload. */
  text: string;
  environment: Environment;
  before: Definitions;
  after: Definitions;
  comparison: ResourceComparison;
  /** How the shared ones are used that exist, by uid. */
  shared?: Map<string, SharedUse>;
}

/** The resources of a workload that would not be what they are. */
export function resourceImpacts(
  options: ResourceImpactsOptions,
): ResourceImpact[] {
  const matches = Object.values(options.workload.resources).map(declared => {
    const shared = shareWithOthers(declared, options);
    const resource = { ...declared, params: shared.params };
    return {
      resource,
      shared,
      before: match(resource, options.before, options),
      after: match(resource, options.after, options),
    };
  });
  const lost = lostOutputs(matches, options);
  return matches.flatMap(found => {
    const impact = impactOf(found, options);
    const issues = [
      ...(impact?.issues ?? []),
      ...(lost.get(found.resource.name) ?? []),
    ];
    if (!impact) {
      return [];
    }
    return {
      ...impact,
      issues,
      effect: issues.length > 0 ? 'refused' : impact.effect,
    };
  });
}

/** What a plan takes for its params, too. */
function shareWithOthers(
  { uid, params }: WorkloadResource,
  { workload, shared }: ResourceImpactsOptions,
): SharedParams {
  const found = shared?.get(uid);
  return shareParams({
    declared: params,
    application: workload.name,
    owner: found?.record.workload ?? workload.name,
    uses: found?.uses ?? [],
  });
}

interface Found {
  /** With what others say of the params. */
  resource: WorkloadResource;
  shared: SharedParams;
  before: ProviderMatchResult;
  after: ProviderMatchResult;
}

function match(
  resource: WorkloadResource,
  { providers }: Definitions,
  { environment }: ResourceImpactsOptions,
): ProviderMatchResult {
  return matchProvider({ resource, environment, providers });
}

function impactOf(
  { resource, shared, before, after }: Found,
  options: ResourceImpactsOptions,
): ResourceImpact | undefined {
  const { name, uid, type, class: resourceClass } = resource;
  const base = { name, uid, type, class: resourceClass };
  const nothing = {
    params: [],
    operations: [],
    outputs: { added: [], removed: [] },
    also: [],
    issues: [],
  };
  if (after.kind !== 'match') {
    return before.kind === 'match'
      ? {
          ...base,
          ...nothing,
          effect: 'refused',
          before: sideOf(before),
          issues: issuesOf(options, places =>
            places.error(noMatch(resource, after)),
          ),
        }
      : undefined;
  }
  if (before.kind !== 'match') {
    return { ...base, ...nothing, effect: 'otherwise', after: sideOf(after) };
  }
  const changes = options.comparison.compare(before, after);
  const old = before.resourceType.parameters;
  const now = after.resourceType.parameters;
  const params = maskChanges(
    maskChanges(
      compareValues(
        withParameterDefaults(old, resource.params),
        withParameterDefaults(now, resource.params),
      ),
      old,
    ),
    now,
  );
  const issues = issuesOf(options, places => {
    reportParameters(resource, after, places);
    if (before.provider.name !== after.provider.name) {
      places.error({
        code: 'RESOURCE_PROVIDER_CHANGED',
        message: `The resource "${name}" was provisioned by "${before.provider.name}"; now "${after.provider.name}" would be in charge, which does not know it.`,
        pointer: joinJsonPointer('/resources', name),
      });
    }
  });
  const isSame =
    before.provider.version === after.provider.version &&
    changes.operations.length + changes.also.length + params.length === 0 &&
    issues.length === 0;
  // Refused with the definitions that there are as well: worth saying only of
  // what would be another thing.
  const contradictions = issuesOf(options, places =>
    reportContradictions({ resource, schema: now, shared, places }),
  );
  return isSame
    ? undefined
    : {
        ...base,
        ...changes,
        effect: params.length > 0 ? 'update' : 'otherwise',
        before: sideOf(before),
        after: sideOf(after),
        params,
        issues: [...issues, ...contradictions],
      };
}

function sideOf({ provider }: ProviderMatch) {
  return { provider: provider.name, version: provider.version };
}

function noMatch(resource: WorkloadResource, result: ProviderMatchResult) {
  const names =
    result.kind === 'tie'
      ? result.matches.map(({ provider }) => `"${provider.name}"`).join(' and ')
      : '';
  return {
    code:
      result.kind === 'tie'
        ? 'RESOURCE_TYPE_CONFLICT'
        : 'RESOURCE_TYPE_UNKNOWN',
    message:
      result.kind === 'tie'
        ? `The resource "${resource.name}" of type "${resource.type}" would be claimed by ${names}, and neither is more exact.`
        : `No provider would offer the type "${resource.type}" of the resource "${resource.name}" here any more.`,
    pointer: joinJsonPointer('/resources', resource.name, 'type'),
  };
}

function reportParameters(
  resource: WorkloadResource,
  { resourceType: { parameters } }: ProviderMatch,
  places: ScorePlaces,
): void {
  const params = withParameterDefaults(parameters, resource.params);
  for (const finding of parameters ? checkParameters(parameters, params) : []) {
    places.error({
      code: 'RESOURCE_PARAMS_INVALID',
      message: `The resource "${resource.name}": ${finding.message}`,
      pointer: `${joinJsonPointer('/resources', resource.name, 'params')}${finding.pointer}`,
    });
  }
}

/** Placeholders for outputs that there would not be any more, by resource. */
function lostOutputs(
  matches: Found[],
  options: ResourceImpactsOptions,
): Map<string, ResourceImpact['issues']> {
  const lost = new Map<string, ResourceImpact['issues']>();
  for (const { resource, before, after } of matches) {
    if (
      before.kind === 'match' &&
      after.kind === 'match' &&
      before.resourceType !== after.resourceType
    ) {
      const issues = issuesOf(options, places =>
        checkOutputs({
          workload: options.workload,
          resources: [{ planned: { name: resource.name }, match: after }],
          places,
        }),
      );
      lost.set(resource.name, issues);
    }
  }
  return lost;
}

function issuesOf(
  { text }: ResourceImpactsOptions,
  report: (places: ScorePlaces) => void,
): ResourceImpact['issues'] {
  const places = ScorePlaces.create({ text });
  report(places);
  return places.diagnostics;
}
