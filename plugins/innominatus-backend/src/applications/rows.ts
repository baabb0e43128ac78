import { toNumber, toOptionalNumber } from '../database';
import { ApplicationRecord, ApplicationStatus, RevisionRecord } from './types';

/** Shape of the table `applications`. */
export interface ApplicationRow {
  id: string;
  environment: string;
  environment_type: string;
  name: string;
  entity_ref: string | null;
  owner: string | null;
  status: ApplicationStatus;
  version: string | null;
  revision: number | null;
  last_revision: number;
  last_number: number;
  last_deployment_id: string | null;
  monthly_cost: number | null;
  created_at: number | string;
  updated_at: number | string;
  deleted_at: number | string | null;
}

/** Shape of the table `application_revisions`. */
export interface RevisionRow {
  id: string;
  application_id: string;
  number: number;
  score: string;
  score_hash: string;
  version: string | null;
  created_by: string;
  created_at: number | string;
}

export function toApplicationRecord(row: ApplicationRow): ApplicationRecord {
  return {
    id: row.id,
    environment: row.environment,
    environmentType: row.environment_type,
    name: row.name,
    entityRef: row.entity_ref ?? undefined,
    owner: row.owner ?? undefined,
    status: row.status,
    version: row.version ?? undefined,
    revision: row.revision ?? undefined,
    lastDeploymentId: row.last_deployment_id ?? undefined,
    monthlyCost: row.monthly_cost ?? undefined,
    createdAt: toNumber(row.created_at),
    updatedAt: toNumber(row.updated_at),
    deletedAt: toOptionalNumber(row.deleted_at),
  };
}

export function toRevisionRecord(row: RevisionRow): RevisionRecord {
  return {
    number: row.number,
    score: row.score,
    scoreHash: row.score_hash,
    version: row.version ?? undefined,
    createdBy: row.created_by,
    createdAt: toNumber(row.created_at),
  };
}
