import {
  Environment,
  ProviderResourceType,
  Workload,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { DefinitionRegistry, withParameterDefaults } from '../definitions';
import { ResourceRecord, ResourceStore } from '../resources/types';
import { RenderedResource } from './renderManifests';
import { Sharing, sharingOf } from './sharedResources';

interface StoredResourcesOptions {
  environment: Environment;
  store: ResourceStore;
  registry: DefinitionRegistry;
}

export type StoredResource = RenderedResource & {
  /** Only when other applications use it too. */
  sharing?: Sharing;
};

/** The resources of a workload as they were provisioned. */
export async function storedResources(
  workload: Workload,
  options: StoredResourcesOptions,
): Promise<StoredResource[]> {
  const { environment, store, registry } = options;
  const declared = Object.values(workload.resources);
  const records = await store.findManyLiving({
    environment: environment.name,
    uids: declared.map(resource => resource.uid),
  });
  const sharing = await sharingOf([...records.values()], {
    store,
    application: workload.name,
  });
  return declared.map(resource => {
    const record = records.get(resource.uid);
    const resourceType = record && typeOf(record, resource.type, registry);
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
      sharing: record && sharing.get(record.id),
    };
  });
}

/**
 * What an application still uses together with others although its workload
 * does not ask for it any more. Its objects must not go with the workload.
 */
export async function sharedBesides(
  workload: Workload,
  options: StoredResourcesOptions,
): Promise<StoredResource[]> {
  const { environment, store, registry } = options;
  const declared = new Set(
    Object.values(workload.resources).map(resource => resource.uid),
  );
  const used = await store.listUsedBy({
    environment: environment.name,
    workload: workload.name,
  });
  const others = used.filter(({ uid }) => !declared.has(uid));
  const sharing = await sharingOf(others, {
    store,
    application: workload.name,
  });
  return others
    .filter(({ id }) => sharing.has(id))
    .map(record => {
      const resourceType = typeOf(record, record.type, registry);
      if (!resourceType) {
        throw new StepFailure(
          `The provider "${record.provider?.name}" of "${record.uid}" does not offer "${record.type}" any more, so nobody knows which of its objects other applications need. Bring the provider back.`,
          { code: 'PROVIDER_MISSING' },
        );
      }
      return {
        name: record.name,
        type: record.type,
        class: record.class,
        uid: record.uid,
        id: record.sharedId,
        guid: record.id,
        params: record.resolvedParams ?? record.params,
        outputs: record.outputs,
        resourceType,
        sharing: sharing.get(record.id),
      };
    });
}

function typeOf(
  record: ResourceRecord,
  type: string,
  registry: DefinitionRegistry,
): ProviderResourceType | undefined {
  const provider = record.provider && registry.provider(record.provider.name);
  return provider?.resourceTypes.find(item =>
    [item.type, ...item.aliases].includes(type),
  );
}
