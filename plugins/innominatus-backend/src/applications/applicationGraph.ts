import {
  Workload,
  containerDependencies,
  resourceDependencies,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ResourceRecord } from '../resources/types';

export interface ApplicationGraph {
  nodes: Array<{
    id: string;
    kind: 'workload' | 'container' | 'resource';
    name: string;
    /** Type of a resource, image of a container. */
    detail?: string;
    state?: string;
    resourceId?: string;
  }>;
  edges: Array<{ from: string; to: string }>;
}

/** The workload with its containers and the resources they need. */
export function applicationGraph(
  workload: Workload,
  records: ResourceRecord[],
): ApplicationGraph {
  const root = `workload:${workload.name}`;
  const container = (name: string) => `container:${name}`;
  const resource = (name: string) => `resource:${name}`;
  const byUid = new Map(records.map(record => [record.uid, record]));
  const containerNeeds = containerDependencies(workload);
  const resourceNeeds = resourceDependencies(workload);
  const needed = new Set(
    [...Object.values(containerNeeds), ...Object.values(resourceNeeds)].flat(),
  );
  return {
    nodes: [
      { id: root, kind: 'workload', name: workload.name },
      ...Object.entries(workload.containers).map(([name, { image }]) => ({
        id: container(name),
        kind: 'container' as const,
        name,
        detail: image,
      })),
      ...Object.values(workload.resources).map(({ name, type, uid }) => ({
        id: resource(name),
        kind: 'resource' as const,
        name,
        detail: type,
        state: byUid.get(uid)?.state,
        resourceId: byUid.get(uid)?.id,
      })),
    ],
    edges: [
      ...Object.keys(workload.containers).map(name => ({
        from: root,
        to: container(name),
      })),
      ...Object.entries(containerNeeds).flatMap(([name, names]) =>
        names.map(other => ({ from: container(name), to: resource(other) })),
      ),
      ...Object.entries(resourceNeeds).flatMap(([name, names]) =>
        names.map(other => ({ from: resource(name), to: resource(other) })),
      ),
      // What nothing else names still belongs to the workload.
      ...Object.keys(workload.resources)
        .filter(name => !needed.has(name))
        .map(name => ({ from: root, to: resource(name) })),
    ],
  };
}
