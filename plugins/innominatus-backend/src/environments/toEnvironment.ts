import { Environment } from '@innominatus/backstage-plugin-innominatus-common';
import { toOptionalTimestamp, toTimestamp } from '../database';
import { EnvironmentRecord } from './types';

/** As callers see it. */
export function toEnvironment(record: EnvironmentRecord): Environment {
  const { definition, copy } = record;
  return {
    ...definition,
    ...(copy ? { copyOf: { environment: copy.of, ...copy.source } } : {}),
    expiresAt: toOptionalTimestamp(record.expiresAt ?? null),
    state: record.state,
    createdBy: record.createdBy,
    createdAt: toTimestamp(record.createdAt),
    updatedAt: toTimestamp(record.updatedAt),
  };
}
