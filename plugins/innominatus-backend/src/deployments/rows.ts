import {
  DeploymentAction,
  DeploymentSummary,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  fromJson,
  fromOptionalJson,
  toNumber,
  toOptionalNumber,
} from '../database';
import { DeploymentRecord } from './types';

/** Shape of the table `deployments`. */
export interface DeploymentRow {
  id: string;
  application_id: string;
  number: number;
  environment: string;
  environment_type: string;
  name: string;
  owner: string | null;
  action: DeploymentAction;
  status: DeploymentSummary['status'];
  revision: number;
  golden_path: string;
  plan_hash: string;
  run_id: string;
  run_number: number | null;
  run_request: string | null;
  work: string;
  changes: string;
  plan_id: string | null;
  request: string | null;
  approval_id: string | null;
  hold: string | null;
  retry_at: number | string | null;
  monthly_cost: number | null;
  failure: string | null;
  created_by: string;
  created_at: number | string;
  ended_at: number | string | null;
}

export function toDeploymentRecord(row: DeploymentRow): DeploymentRecord {
  return {
    id: row.id,
    applicationId: row.application_id,
    number: row.number,
    environment: row.environment,
    environmentType: row.environment_type,
    name: row.name,
    owner: row.owner ?? undefined,
    action: row.action,
    status: row.status,
    revision: row.revision,
    goldenPath: row.golden_path,
    planHash: row.plan_hash,
    runId: row.run_id,
    runNumber: row.run_number ?? undefined,
    runRequest: fromOptionalJson(row.run_request),
    work: fromJson(row.work),
    changes: fromJson(row.changes),
    planId: row.plan_id ?? undefined,
    request: fromOptionalJson(row.request),
    approvalId: row.approval_id ?? undefined,
    hold: fromOptionalJson(row.hold),
    monthlyCost: row.monthly_cost ?? undefined,
    failure: fromOptionalJson(row.failure),
    createdBy: row.created_by,
    createdAt: toNumber(row.created_at),
    endedAt: toOptionalNumber(row.ended_at),
  };
}
