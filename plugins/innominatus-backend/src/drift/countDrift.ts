import { Knex } from 'knex';

const DRIFT = ['drifted', 'missing'];

/** How many resources and manifests of applications drifted, in their order. */
export async function countDrift(
  knex: Knex,
  applications: Array<{ id: string; environment: string; name: string }>,
): Promise<number[]> {
  if (applications.length === 0) {
    return [];
  }
  const resources: Array<{
    environment: string;
    workload: string;
    count: number | string;
  }> = await knex('resource_users')
    .join('resources', 'resources.id', 'resource_users.resource_id')
    .whereIn('resource_users.workload', [
      ...new Set(applications.map(({ name }) => name)),
    ])
    .whereIn('resources.environment', [
      ...new Set(applications.map(({ environment }) => environment)),
    ])
    .whereIn('resources.drift_status', DRIFT)
    .groupBy('resources.environment', 'resource_users.workload')
    .select('resources.environment', 'resource_users.workload')
    .count({ count: '*' });
  const manifests: Array<{ application_id: string; object_count: number }> =
    await knex('manifest_drift')
      .whereIn(
        'application_id',
        applications.map(({ id }) => id),
      )
      .whereIn('status', DRIFT)
      .select('application_id', 'object_count');
  return applications.map(({ id, environment, name }) => {
    const found = resources.find(
      row => row.environment === environment && row.workload === name,
    );
    const delivered = manifests.find(row => row.application_id === id);
    return Number(found?.count ?? 0) + (delivered?.object_count ?? 0);
  });
}
