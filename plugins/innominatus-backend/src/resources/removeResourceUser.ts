import { Knex } from 'knex';
import { ResourceRow } from './rows';

interface NextUser {
  workload: string;
  name: string;
  owner: string | null;
}

/**
 * Takes a workload from the users of a resource. When the resource belonged to
 * it, the oldest of the applications that are left has it from now on.
 */
export async function removeResourceUser(
  transaction: Knex,
  options: { id: string; workload: string },
): Promise<void> {
  const { id, workload } = options;
  await transaction('resource_users')
    .where({ resource_id: id, workload })
    .delete();
  const resource = await transaction<ResourceRow>('resources')
    .where({ id })
    .first();
  if (resource?.workload !== workload) {
    return;
  }
  const next: NextUser | undefined = await transaction('resource_users')
    .join('applications', 'applications.name', 'resource_users.workload')
    .where('resource_users.resource_id', id)
    .where('applications.environment', resource.environment)
    // Who leaves as well is asked last.
    .orderBy('resource_users.leaving')
    .orderBy('applications.created_at')
    .orderBy('applications.id')
    .orderBy('resource_users.name')
    .select('resource_users.workload', 'resource_users.name')
    .select('applications.owner')
    .first();
  if (next) {
    await transaction<ResourceRow>('resources').where({ id }).update({
      workload: next.workload,
      name: next.name,
      owner: next.owner,
    });
  }
}
