import {
  Environment,
  KubernetesObject,
  ManifestDrift,
  PlannedManifest,
  Workload,
  diffManifests,
} from '@innominatus/backstage-plugin-innominatus-common';
import { DefinitionRegistry } from '../definitions';
import { ResourceStore } from '../resources/types';
import { ResourcePlan } from './planResources';
import { renderManifests } from './renderManifests';
import { ScorePlaces } from './ScorePlaces';
import { sharingOf } from './sharedResources';
import { storedResources } from './storedResources';

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
  const old = before ? await renderBefore(before, options) : [];
  if (!after) {
    return diffManifests(old, []);
  }
  const sharing = await sharingOf(
    options.resources.flatMap(({ existing }) => existing ?? []),
    { store: options.store, application: after.name },
  );
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
      deliveredElsewhere:
        (sharing.get(existing?.id ?? '')?.deliverer ?? after.name) !==
        after.name,
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

/** Without what stays because others use it, although it is not ours any more. */
async function renderBefore(
  before: Workload,
  options: PlanManifestsOptions,
): Promise<KubernetesObject[]> {
  const { after, environment } = options;
  const wanted = new Set(
    Object.values(after?.resources ?? {}).map(resource => resource.uid),
  );
  const resources = await storedResources(before, options);
  return renderManifests({
    workload: before,
    environment,
    resources: resources.map(({ sharing, ...resource }) => ({
      ...resource,
      deliveredElsewhere:
        sharing !== undefined &&
        (sharing.deliverer !== before.name || !wanted.has(resource.uid)),
    })),
  }).manifests;
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
