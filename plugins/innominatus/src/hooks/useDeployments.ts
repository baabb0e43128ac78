import { useApi } from '@backstage/frontend-plugin-api';
import {
  ApplicationSummary,
  Environment,
} from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../api';
import { collectPages } from '../lib/collectPages';
import { inOrder } from '../lib/environments';
import { isMoving } from '../lib/status';
import { Workload } from '../lib/workload';
import { QueryResult, useQuery } from './useQuery';

const POLL_MS = 5_000;
const LIMIT = 200;

/** A workload in one environment; no application means not deployed yet. */
export interface EnvironmentRow {
  environment: Environment;
  application?: ApplicationSummary;
}

/** Where a workload is deployed, in the order of the environments. */
export function useDeployments(
  workload: Workload,
): QueryResult<EnvironmentRow[]> {
  const api = useApi(innominatusApiRef);
  return useQuery({
    key: `deployments ${workload.entityRef}`,
    load: async signal => {
      const [environments, applications] = await Promise.all([
        collectPages(cursor =>
          api.listEnvironments({ limit: LIMIT, cursor, signal }),
        ),
        collectPages(cursor =>
          api.listApplications({
            entityRef: [workload.entityRef],
            limit: LIMIT,
            cursor,
            signal,
          }),
        ),
      ]);
      return inOrder(environments).map(environment => ({
        environment,
        application: applications.find(
          candidate => candidate.environment === environment.name,
        ),
      }));
    },
    pollMs: rows =>
      rows.some(row => row.application && isMoving(row.application.status))
        ? POLL_MS
        : undefined,
  });
}
