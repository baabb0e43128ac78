import {
  Environment,
  Workload,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ResourceRecord, ResourceStore } from '../resources/types';

/** Who else uses a resource, and which of them brings its objects. */
export interface Sharing {
  /** Application that delivers the objects that come with the resource. */
  deliverer: string;
  others: string[];
}

/**
 * How applications share these resources, by id; only what others use as well.
 * The objects that come with such a resource are delivered once: by the
 * application that asked for it first, or by the one it was handed over to,
 * unless that is about to leave.
 */
export async function sharingOf(
  records: readonly ResourceRecord[],
  options: { store: ResourceStore; application: string },
): Promise<Map<string, Sharing>> {
  const { store, application } = options;
  const shared = records.filter(record => record.sharedId !== undefined);
  const users = await store.usersOfMany(
    shared.map(({ id }) => id),
    { staying: true },
  );
  const sharing = new Map<string, Sharing>();
  for (const { id, workload } of shared) {
    const others = (users.get(id) ?? []).filter(user => user !== application);
    if (others.length > 0) {
      const all = [...others, application].sort();
      sharing.set(id, {
        others,
        deliverer: all.includes(workload) ? workload : all[0],
      });
    }
  }
  return sharing;
}

/**
 * Says which shared resources the application leaves with what is rendered now.
 * Before it asks who else uses them: an application that comes meanwhile either
 * is seen by that question, or sees this and brings the objects by itself.
 */
export async function noteLeaving(
  workload: Workload,
  options: {
    environment: Environment;
    store: ResourceStore;
    isEnding: boolean;
  },
): Promise<void> {
  const { environment, store, isEnding } = options;
  const used = await store.listUsedBy({
    environment: environment.name,
    workload: workload.name,
  });
  const declared = new Set(
    Object.values(workload.resources).map(resource => resource.uid),
  );
  const idsOf = (leaving: boolean) =>
    used
      .filter(
        ({ sharedId, uid }) =>
          sharedId !== undefined &&
          (isEnding || !declared.has(uid)) === leaving,
      )
      .map(({ id }) => id);
  await store.noteLeaving({
    workload: workload.name,
    leaving: idsOf(true),
    staying: idsOf(false),
  });
}
