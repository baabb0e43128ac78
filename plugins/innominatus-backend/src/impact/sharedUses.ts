import { Workload } from '@innominatus/backstage-plugin-innominatus-common';
import { ResourceRecord, ResourceStore, ResourceUse } from '../resources/types';

/** A shared resource that exists, and what its users declare. */
export interface SharedUse {
  record: ResourceRecord;
  uses: ResourceUse[];
}

/** By environment and uid. */
export type SharedUses = Map<string, Map<string, SharedUse>>;

/**
 * How the shared resources of these workloads are used: a question for each
 * environment and one for all users, and none where nothing is shared.
 */
export async function findSharedUses(
  store: Pick<ResourceStore, 'findManyLiving' | 'usesOfMany'>,
  workloads: Array<{ environment: string; workload: Workload }>,
): Promise<SharedUses> {
  const wanted = new Map<string, Set<string>>();
  for (const { environment, workload } of workloads) {
    const uids = wanted.get(environment) ?? new Set();
    wanted.set(environment, uids);
    for (const { id, uid } of Object.values(workload.resources)) {
      if (id !== undefined) {
        uids.add(uid);
      }
    }
  }
  const living = new Map<string, Map<string, ResourceRecord>>();
  for (const [environment, uids] of wanted) {
    if (uids.size > 0) {
      living.set(
        environment,
        await store.findManyLiving({ environment, uids: [...uids] }),
      );
    }
  }
  const records = [...living.values()].flatMap(found => [...found.values()]);
  const uses = await store.usesOfMany(records.map(({ id }) => id));
  return new Map(
    [...living].map(([environment, found]) => [
      environment,
      new Map(
        [...found].map(([uid, record]) => [
          uid,
          { record, uses: uses.get(record.id) ?? [] },
        ]),
      ),
    ]),
  );
}
