import {
  HealthRecord,
  HealthStatus,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ResourceRecord } from '../resources/types';

/** A resource that was taken to be checked. */
export interface HealthClaim {
  record: ResourceRecord;
  /** The result counts only while the claim is this one. */
  token: number;
}

export interface HealthResult {
  status: HealthStatus;
  message: string;
  durationMs: number;
}

export interface RecordHealthOptions extends HealthResult {
  claim: HealthClaim;
  failureThreshold: number;
  successThreshold: number;
  /** Until the next check. */
  nextInMs: number;
}

export interface HealthStore {
  /** Takes resources that are due; nobody else gets them for a while. */
  claimDue(options: { limit: number; leaseMs: number }): Promise<HealthClaim[]>;
  /** Takes one resource, due or not; nothing when it is not in use. */
  claim(options: {
    id: string;
    leaseMs: number;
  }): Promise<HealthClaim | undefined>;
  /** Answers the state the resource is in then, and whether it changed. */
  record(
    options: RecordHealthOptions,
  ): Promise<{ state: ResourceRecord['state']; changed: boolean } | undefined>;
  /** The resource has no check any more. */
  release(claim: HealthClaim): Promise<void>;
  /** Has resources of these types looked at, unless they are already. */
  enroll(options: { provider: string; types: string[] }): Promise<void>;
  history(options: { id: string; limit: number }): Promise<HealthRecord[]>;
  /** Answers how many entries are gone. */
  deleteHistory(options: {
    ageMs: number;
    signal?: AbortSignal;
  }): Promise<number>;
}
