import {
  JsonObject,
  JsonValue,
  Resource,
  ResourceWait,
  SECRET_TOKEN_PATTERN,
  WaitingReason,
  isSecretReference,
} from '@innominatus/backstage-plugin-innominatus-common';
import { toOptionalTimestamp, toTimestamp } from '../database';
import { ResourceRecord } from './types';

const MASK = '••••';

/** What the API answers about a resource; secrets are masked. */
export function toResource(
  record: ResourceRecord,
  waiting?: WaitingReason,
): Resource {
  return {
    id: record.id,
    uid: record.uid,
    name: record.name,
    type: record.type,
    class: record.class,
    environment: record.environment,
    workload: record.workload,
    shared: record.sharedId !== undefined,
    management: record.management,
    state: record.state,
    provider: record.provider,
    params: mask(record.resolvedParams ?? record.params) as JsonObject,
    outputs: mask(record.outputs) as JsonObject,
    hints: record.hints,
    error: record.error,
    waitingFor: waiting && toWaitingFor(waiting),
    health: record.health && {
      ...record.health,
      checkedAt: toTimestamp(record.health.checkedAt),
    },
    drift: record.drift && {
      status: record.drift.status,
      since: toOptionalTimestamp(record.drift.since ?? null),
      checkedAt: toTimestamp(record.drift.checkedAt),
    },
    createdAt: toTimestamp(record.createdAt),
    updatedAt: toTimestamp(record.updatedAt),
    runId: record.runId,
  };
}

function toWaitingFor(waiting: WaitingReason): ResourceWait {
  const { message, link, until } = waiting;
  return {
    message,
    link,
    until: until === undefined ? undefined : toTimestamp(until),
  };
}

function mask(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    return value.replace(SECRET_TOKEN_PATTERN, MASK);
  }
  if (isSecretReference(value)) {
    return MASK;
  }
  if (Array.isArray(value)) {
    return value.map(mask);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [key, mask(child)]),
    );
  }
  return value;
}
