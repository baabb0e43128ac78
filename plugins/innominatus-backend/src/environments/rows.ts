import {
  fromJson,
  fromOptionalJson,
  toNumber,
  toOptionalNumber,
} from '../database';
import { CopySource, EnvironmentDefinition, EnvironmentRecord } from './types';

export interface EnvironmentRow {
  name: string;
  type: string;
  definition: string;
  version: number;
  state: string;
  copy_of: string | null;
  copy_key: string | null;
  copy_source: string | null;
  expires_at: number | string | null;
  expiry_set_at: number | string | null;
  noticed_ms: number | string | null;
  notice_ms: number | string | null;
  notice_at: number | string | null;
  created_by: string;
  created_at: number | string;
  updated_at: number | string;
}

export function toEnvironmentRecord(row: EnvironmentRow): EnvironmentRecord {
  return {
    definition: fromJson<EnvironmentDefinition>(row.definition),
    version: row.version,
    state: row.state === 'removing' ? 'removing' : 'active',
    copy:
      row.copy_of === null || row.copy_key === null
        ? undefined
        : {
            of: row.copy_of,
            key: row.copy_key,
            source: fromOptionalJson<CopySource>(row.copy_source) ?? {},
          },
    expiresAt: toOptionalNumber(row.expires_at),
    expirySetAt: toOptionalNumber(row.expiry_set_at),
    noticedMs: toOptionalNumber(row.noticed_ms),
    createdBy: row.created_by,
    createdAt: toNumber(row.created_at),
    updatedAt: toNumber(row.updated_at),
  };
}
