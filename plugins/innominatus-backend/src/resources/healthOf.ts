import { ApplicationHealth } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';

interface Count {
  environment: string;
  workload: string;
  state: string;
  health_status: string | null;
  count: number | string;
}

/**
 * How applications are, by the resources they use. A check that fails counts
 * only once it has made the resource degraded.
 */
export async function healthOf(
  knex: Knex,
  applications: Array<{ environment: string; name: string }>,
): Promise<ApplicationHealth[]> {
  if (applications.length === 0) {
    return [];
  }
  const rows: Count[] = await knex('resource_users')
    .join('resources', 'resources.id', 'resource_users.resource_id')
    .whereIn('resource_users.workload', [
      ...new Set(applications.map(({ name }) => name)),
    ])
    .whereIn('resources.environment', [
      ...new Set(applications.map(({ environment }) => environment)),
    ])
    .whereNot('resources.state', 'terminated')
    .groupBy(
      'resources.environment',
      'resource_users.workload',
      'resources.state',
      'resources.health_status',
    )
    .select(
      'resources.environment',
      'resource_users.workload',
      'resources.state',
      'resources.health_status',
    )
    .count({ count: '*' });
  return applications.map(({ environment, name }) =>
    summarize(
      rows.filter(
        row => row.environment === environment && row.workload === name,
      ),
    ),
  );
}

function summarize(rows: Count[]): ApplicationHealth {
  const sum = (some: Count[]) =>
    some.reduce((total, row) => total + Number(row.count), 0);
  const degraded = sum(
    rows.filter(({ state }) => state === 'degraded' || state === 'failed'),
  );
  const isKnown = rows.some(row => row.health_status === 'healthy');
  return {
    status: statusOf(degraded, isKnown),
    degraded,
    total: sum(rows),
  };
}

function statusOf(
  degraded: number,
  isKnown: boolean,
): ApplicationHealth['status'] {
  if (degraded > 0) {
    return 'degraded';
  }
  return isKnown ? 'healthy' : 'unknown';
}
