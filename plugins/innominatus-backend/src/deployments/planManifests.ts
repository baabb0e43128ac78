import {
  Environment,
  ManifestDrift,
  PlannedManifest,
  Workload,
  diffManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionRegistry, withParameterDefaults } from '../definitions';
import { ResourceStore } from '../resources/types';
import { ResourcePlan } from './planResources';
import { RenderedResource, renderManifests } from './renderManifests';
import { ScorePlaces } from './ScorePlaces';

export interface PlanManifestsOptions {
  environment: Environment;
  before: Workload | undefined;
  /** Nothing when the workload goes away. */
  after: Workload | undefined;
  resources: ResourcePlan[];
  store: ResourceStore;
  registry: DefinitionRegistry;
  places: ScorePlaces;
  /** Only for the action `repair`: what is not as it is recorded. */
  drifted?: ManifestDrift[];
}

/** What is delivered now compared with what would be. */
export async function planManifests(
  options: PlanManifestsOptions,
): Promise<PlannedManifest[]> {
  const { environment, before, after, places } = options;
  const old = before
    ? renderManifests({
        workload: before,
        environment,
        resources: await storedResources(before, options),
      }).manifests
    : [];
  if (!after) {
    return diffManifests(old, []);
  }
  const rendered = renderManifests({
    workload: after,
    environment,
    resources: options.resources.map(({ work, match, existing }) => ({
      name: work.name,
      type: work.type,
      class: work.class,
      uid: work.uid,
      id: work.id,
      guid: existing?.id,
      params: existing?.resolvedParams ?? work.params,
      outputs: work.action === 'create' ? undefined : existing?.outputs,
      resourceType: match.resourceType,
    })),
  });
  for (const diagnostic of rendered.diagnostics) {
    places.add(diagnostic);
  }
  return withDrift(
    diffManifests(old, rendered.manifests),
    options.drifted ?? [],
  );
}

/** What is there comes before, in place of what is recorded. */
function withDrift(
  planned: PlannedManifest[],
  drifted: ManifestDrift[],
): PlannedManifest[] {
  return planned.map(manifest => {
    const found = drifted.find(
      item =>
        item.apiVersion === manifest.apiVersion &&
        item.kind === manifest.kind &&
        item.name === manifest.name,
    );
    if (!found || manifest.action !== 'keep') {
      return manifest;
    }
    const { apiVersion, kind, name } = manifest;
    return {
      action: found.status === 'missing' ? 'create' : 'update',
      apiVersion,
      kind,
      name,
      ...(found.status === 'missing' ? {} : { before: found.after }),
      after: found.before,
    };
  });
}

/** The resources of a workload as they were provisioned. */
export async function storedResources(
  workload: Workload,
  options: Pick<PlanManifestsOptions, 'environment' | 'store' | 'registry'>,
): Promise<RenderedResource[]> {
  const { environment, store, registry } = options;
  const declared = Object.values(workload.resources);
  const records = await store.findManyLiving({
    environment: environment.name,
    uids: declared.map(resource => resource.uid),
  });
  return declared.map(resource => {
    const record = records.get(resource.uid);
    const provider =
      record?.provider && registry.provider(record.provider.name);
    const resourceType = provider?.resourceTypes.find(item =>
      [item.type, ...item.aliases].includes(resource.type),
    );
    return {
      name: resource.name,
      type: resource.type,
      class: resource.class,
      uid: resource.uid,
      id: resource.id,
      guid: record?.id,
      params:
        record?.resolvedParams ??
        withParameterDefaults(resourceType?.parameters, resource.params),
      outputs: record?.paramsHash === undefined ? undefined : record.outputs,
      resourceType,
    };
  });
}
