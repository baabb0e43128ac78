import {
  Environment,
  FindWorkflow,
  JsonObject,
  JsonValue,
  KNOWN_AFTER_APPLY,
  PlannedResource,
  ProviderDefinition,
  ProviderMatch,
  ValueChange,
  Workload,
  WorkloadResource,
  compareValues,
  findPlaceholders,
  joinJsonPointer,
  managementOf,
  matchProvider,
  nearestNames,
  resourceDependencies,
  resourceOrder,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DriftToRepair } from '../drift/types';
import { checkParameters, withParameterDefaults } from '../definitions';
import {
  ResourceDriftRecord,
  ResourceRecord,
  ResourceStore,
  ResourceUse,
} from '../resources/types';
import { maskChanges } from './maskChanges';
import { ScorePlaces } from './ScorePlaces';
import { reportContradictions } from './reportContradictions';
import { SharedParams, shareParams } from './sharedParams';

import { WorkRemoval, WorkResource } from './types';

/** A resource of the workload, who provides it and what exists of it. */
export interface ResourcePlan {
  work: WorkResource;
  planned: PlannedResource;
  match: ProviderMatch;
  existing?: ResourceRecord;
  /** Other applications that use it, and who of them says something else. */
  others: { names: string[]; followers: string[] };
}

export interface RemovalPlan {
  work: WorkRemoval;
  planned: PlannedResource;
  /** Names of the removals that have to be done before. */
  dependsOn: string[];
}

export interface PlanResourcesOptions {
  workload: Workload;
  environment: Environment;
  providers: readonly ProviderDefinition[];
  findWorkflow: FindWorkflow;
  store: ResourceStore;
  places: ScorePlaces;
  /** Only for the action `repair`: what is not as it is recorded. */
  drifted?: DriftToRepair['resources'];
}

/**
 * Compares what the workload asks for with what exists. What cannot be
 * provided is reported; the answer is complete only without errors.
 */
export async function planResources(
  options: PlanResourcesOptions,
): Promise<ResourcePlan[]> {
  const { workload, environment, store, places } = options;
  const dependencies = resourceDependencies(workload);
  const existingByUid = await store.findManyLiving({
    environment: environment.name,
    uids: Object.values(workload.resources).map(resource => resource.uid),
  });
  const uses = await store.usesOfMany(
    [...existingByUid.values()].map(record => record.id),
  );
  const plans = new Map<string, ResourcePlan>();
  for (const name of resourceOrder(workload).flat()) {
    const declared = workload.resources[name];
    const match = findProvider(declared, options);
    if (!match) {
      continue;
    }
    const existing = existingByUid.get(declared.uid);
    const usedBy = (existing && uses.get(existing.id)) ?? [];
    const schema = match.resourceType.parameters;
    const shared = shareWithOthers(declared, { ...options, existing, usedBy });
    const resource = {
      ...declared,
      params: withParameterDefaults(schema, shared.runnable),
    };
    reportParameters(resource, match, places);
    if (existing) {
      reportConflicts({ ...options, resource, match, existing });
      reportContradictions({ resource, schema, shared, places });
    }
    const dependsOn = dependencies[name];
    const changed = dependsOn.filter(
      other => plans.get(other)?.planned.action !== 'keep',
    );
    const { action, changes } = decide(
      resource,
      withParameterDefaults(schema, shared.params),
      existing,
      changed,
      options.drifted?.get(resource.uid),
    );
    const provider = {
      name: match.provider.name,
      version: match.provider.version,
    };
    const { uid, type, class: resourceClass, id, params } = resource;
    const common = { name, uid, type, class: resourceClass, id, action };
    plans.set(name, {
      match,
      existing,
      work: {
        ...common,
        provider,
        params,
        declared: declared.params,
        dependsOn,
      },
      others: {
        names: usedBy
          .map(use => use.workload)
          .filter(user => user !== workload.name),
        followers: shared.followers,
      },
      planned: {
        ...common,
        provider,
        management: managementOf(match.resourceType, options.findWorkflow),
        changes: maskChanges(changes, schema),
        dependsOn,
        shared: id !== undefined,
      },
    });
  }
  return [...plans.values()];
}

/** What the workload used before and does not ask for any more. */
export async function planRemovals(options: {
  environment: string;
  workload: string;
  /** Uids that stay. */
  wanted: Set<string>;
  /** Leaves them where they are. */
  keep: boolean;
  store: ResourceStore;
}): Promise<{ removals: RemovalPlan[]; unused: PlannedResource[] }> {
  const { environment, workload, wanted, keep, store } = options;
  const used = await store.listUsedBy({ environment, workload });
  const unwanted = used.filter(record => !wanted.has(record.uid));
  const names = new Map<string, string>();
  for (const record of unwanted) {
    let name = record.name;
    for (let count = 2; [...names.values()].includes(name); count += 1) {
      name = `${record.name}-${count}`;
    }
    names.set(record.uid, name);
  }
  const plans: RemovalPlan[] = [];
  const users = await store.usersOfMany(unwanted.map(record => record.id));
  for (const record of unwanted) {
    const name = names.get(record.uid) ?? record.name;
    const others = (users.get(record.id) ?? []).filter(
      user => user !== workload,
    );
    plans.push({
      // Whatever was built on it goes first.
      dependsOn: unwanted
        .filter(other => other.dependsOn.includes(record.uid))
        .map(other => names.get(other.uid) ?? other.name),
      work: {
        name,
        resourceId: record.id,
        uid: record.uid,
        releaseOnly: others.length > 0,
      },
      planned: {
        action: others.length > 0 ? 'keep' : 'delete',
        uid: record.uid,
        name: record.name,
        type: record.type,
        class: record.class,
        id: record.sharedId,
        provider: record.provider,
        management: record.management,
        changes: [],
        dependsOn: [],
        shared: record.sharedId !== undefined,
      },
    });
  }
  return keep
    ? {
        removals: [],
        unused: plans.map(({ planned }) => ({
          ...planned,
          action: 'keep',
          unused: true,
        })),
      }
    : { removals: plans, unused: [] };
}

function findProvider(
  resource: WorkloadResource,
  options: PlanResourcesOptions,
): ProviderMatch | undefined {
  const { environment, providers, places } = options;
  const result = matchProvider({ resource, environment, providers });
  if (result.kind === 'match') {
    return result;
  }
  const pointer = joinJsonPointer('/resources', resource.name, 'type');
  if (result.kind === 'tie') {
    const names = [
      ...new Set(result.matches.map(match => `"${match.provider.name}"`)),
    ].join(' and ');
    places.error({
      code: 'RESOURCE_TYPE_CONFLICT',
      message: `The resource "${resource.name}" of type "${resource.type}" is claimed by ${names} in the environment "${environment.name}", and neither is more exact.`,
      pointer,
      suggestions: [
        'Ask the platform team to give one of them a class, an id or environments of its own.',
      ],
    });
    return undefined;
  }
  const elsewhere = result.elsewhere.length > 0;
  places.error({
    code: elsewhere ? 'RESOURCE_TYPE_NOT_HERE' : 'RESOURCE_TYPE_UNKNOWN',
    message: elsewhere
      ? `The resource "${resource.name}" of type "${resource.type}" and class "${resource.class}" is not offered in the environment "${environment.name}"; it is offered for other environments, classes or ids.`
      : `No provider offers the type "${resource.type}" of the resource "${resource.name}".`,
    pointer,
    suggestions: result.nearest.map(name => `Did you mean "${name}"?`),
  });
  return undefined;
}

function reportParameters(
  resource: WorkloadResource,
  match: ProviderMatch,
  places: ScorePlaces,
): void {
  const schema = match.resourceType.parameters;
  if (!schema) {
    return;
  }
  for (const finding of checkParameters(schema, resource.params)) {
    const nearest = finding.unknownKey
      ? nearestNames(finding.unknownKey, finding.knownKeys ?? [], 1)
      : [];
    places.error({
      code: 'RESOURCE_PARAMS_INVALID',
      message: `The resource "${resource.name}": ${finding.message}`,
      pointer: `${joinJsonPointer('/resources', resource.name, 'params')}${finding.pointer}`,
      suggestions: nearest.map(name => `Did you mean "${name}"?`),
    });
  }
}

function reportConflicts(
  options: PlanResourcesOptions & {
    resource: WorkloadResource;
    match: ProviderMatch;
    existing: ResourceRecord;
  },
): void {
  const { resource, match, existing, places } = options;
  const pointer = joinJsonPointer('/resources', resource.name);
  // An id can spell the identity of what a workload has for itself.
  if (existing.sharedId !== resource.id) {
    places.error({
      code: 'RESOURCE_ID_TAKEN',
      message: `The resource "${resource.name}" would be "${resource.uid}", which belongs to the workload "${existing.workload}" ${existing.sharedId === undefined ? 'alone' : 'as a shared resource'}.`,
      pointer,
      suggestions: ['Choose another "id" or another name.'],
    });
    return;
  }
  if (
    wasProvisioned(existing) &&
    existing.provider &&
    existing.provider.name !== match.provider.name
  ) {
    places.error({
      code: 'RESOURCE_PROVIDER_CHANGED',
      message: `The resource "${resource.name}" was provisioned by "${existing.provider.name}"; now "${match.provider.name}" would be in charge, which does not know it.`,
      pointer,
      suggestions: [
        'Remove the resource with one deployment and ask for it again with the next.',
      ],
    });
  }
}

/** A resource that a workload has for itself has no other users. */
function shareWithOthers(
  { params: declared }: WorkloadResource,
  options: {
    workload: Workload;
    existing: ResourceRecord | undefined;
    usedBy: ResourceUse[];
  },
): SharedParams {
  const { workload, existing, usedBy } = options;
  return shareParams({
    declared,
    application: workload.name,
    owner: existing?.workload ?? workload.name,
    uses: usedBy,
    resolved: existing?.resolvedParams,
  });
}

function decide(
  resource: WorkloadResource,
  /** As the applications say it that share it, with their placeholders. */
  shared: JsonObject,
  existing: ResourceRecord | undefined,
  changedDependencies: string[],
  drift?: Pick<ResourceDriftRecord, 'status' | 'changes'>,
): Pick<PlannedResource, 'action' | 'changes'> {
  if (!existing || !wasProvisioned(existing) || drift?.status === 'missing') {
    return { action: 'create', changes: compareValues({}, resource.params) };
  }
  if (drift) {
    return { action: 'update', changes: drift.changes.map(backAgain) };
  }
  // Who wrote it down last may have done so in words of its own.
  const changes =
    compareValues(existing.params, shared).length === 0
      ? []
      : compareValues(existing.params, resource.params);
  const known = new Set(changes.map(change => change.path));
  for (const { path, before, after } of compareValues({}, resource.params)) {
    if (!known.has(path) && namesAny(after, changedDependencies)) {
      changes.push({ path, before: before ?? after, after: KNOWN_AFTER_APPLY });
    }
  }
  const isSound = existing.state === 'active' || existing.state === 'degraded';
  return {
    action: changes.length > 0 || !isSound ? 'update' : 'keep',
    changes,
  };
}

/** From what is there to what is recorded. */
function backAgain({ path, before, after }: ValueChange): ValueChange {
  return {
    path,
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  };
}

function namesAny(value: JsonValue | undefined, resources: string[]): boolean {
  return (
    typeof value === 'string' &&
    findPlaceholders(value).some(
      ({ parts }) => parts[0] === 'resources' && resources.includes(parts[1]),
    )
  );
}

/** A resource that never became active has nothing that could be updated. */
function wasProvisioned(record: ResourceRecord): boolean {
  return record.paramsHash !== undefined && record.state !== 'terminating';
}
