import {
  DriftStatus,
  HealthStatus,
  ResourceManagement,
  ResourceState,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  fromJson,
  fromOptionalJson,
  toNumber,
  toOptionalNumber,
} from '../database';
import { ResourcePatch, ResourceRecord } from './types';

/** Shape of the table `resources`. */
export interface ResourceRow {
  id: string;
  environment: string;
  environment_type: string;
  uid: string;
  name: string;
  type: string;
  class: string;
  shared_id: string | null;
  workload: string;
  owner: string | null;
  state: ResourceState;
  provider: string | null;
  provider_version: string | null;
  management: ResourceManagement;
  params: string;
  resolved_params: string | null;
  params_hash: string | null;
  depends_on: string;
  outputs: string;
  hints: string;
  error: string | null;
  run_id: string | null;
  health_status: HealthStatus | null;
  health_message: string | null;
  health_checked_at: number | string | null;
  /** In a row, up to the last check. */
  health_failures: number;
  health_successes: number;
  health_due_at: number | string | null;
  drift_status: DriftStatus | null;
  drift_message: string | null;
  drift_changes: string | null;
  drift_version: string | null;
  drift_run_id: string | null;
  drift_since: number | string | null;
  drift_checked_at: number | string | null;
  drift_due_at: number | string | null;
  created_at: number | string;
  updated_at: number | string;
}

/** Columns of a resource that nobody looked at. */
export const NO_DRIFT = {
  drift_status: null,
  drift_message: null,
  drift_changes: null,
  drift_version: null,
  drift_run_id: null,
  drift_since: null,
  drift_checked_at: null,
  drift_due_at: null,
} satisfies Partial<ResourceRow>;

export function toResourceRecord(row: ResourceRow): ResourceRecord {
  return {
    id: row.id,
    environment: row.environment,
    environmentType: row.environment_type,
    uid: row.uid,
    name: row.name,
    type: row.type,
    class: row.class,
    sharedId: row.shared_id ?? undefined,
    workload: row.workload,
    owner: row.owner ?? undefined,
    state: row.state,
    provider:
      row.provider === null
        ? undefined
        : { name: row.provider, version: row.provider_version ?? '' },
    management: row.management,
    params: fromJson(row.params),
    resolvedParams: fromOptionalJson(row.resolved_params),
    paramsHash: row.params_hash ?? undefined,
    dependsOn: fromJson(row.depends_on),
    outputs: fromJson(row.outputs),
    hints: fromJson(row.hints),
    error: row.error ?? undefined,
    runId: row.run_id ?? undefined,
    health:
      row.health_status === null
        ? undefined
        : {
            status: row.health_status,
            message: row.health_message ?? '',
            checkedAt: toNumber(row.health_checked_at),
          },
    drift:
      row.drift_status === null
        ? undefined
        : {
            status: row.drift_status,
            message: row.drift_message ?? undefined,
            changes: fromOptionalJson(row.drift_changes) ?? [],
            version: row.drift_version ?? '',
            runId: row.drift_run_id ?? undefined,
            since: toOptionalNumber(row.drift_since),
            checkedAt: toNumber(row.drift_checked_at),
          },
    createdAt: toNumber(row.created_at),
    updatedAt: toNumber(row.updated_at),
  };
}

/** Columns of a patch; what the patch does not name stays as it is. */
export function toPatchColumns(patch: ResourcePatch): Partial<ResourceRow> {
  const columns: Partial<ResourceRow> = {};
  if (patch.provider) {
    columns.provider = patch.provider.name;
    columns.provider_version = patch.provider.version;
  }
  if (patch.params) {
    columns.params = JSON.stringify(patch.params);
  }
  if (patch.resolvedParams) {
    columns.resolved_params = JSON.stringify(patch.resolvedParams);
  }
  if (patch.paramsHash) {
    columns.params_hash = patch.paramsHash;
  }
  if (patch.dependsOn) {
    columns.depends_on = JSON.stringify(patch.dependsOn);
  }
  if (patch.outputs) {
    columns.outputs = JSON.stringify(patch.outputs);
  }
  if (patch.hints) {
    columns.hints = JSON.stringify(patch.hints);
  }
  return columns;
}
