import {
  DriftStatus,
  ManifestDrift,
  PlannedResource,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ResourceRecord } from '../resources/types';

/** What a look at a resource found. */
export interface ResourceLook {
  status: DriftStatus;
  /** Why it is unknown, or how it is known to be gone. */
  message?: string;
  changes: PlannedResource['changes'];
  runId?: string;
}

/** A resource that was taken to be looked at. */
export interface DriftClaim {
  record: ResourceRecord;
  /** The result counts only while the claim is this one. */
  token: number;
}

export interface DriftStore {
  /** Takes resources that are due; nobody else gets them for a while. */
  claimDue(options: { limit: number; leaseMs: number }): Promise<DriftClaim[]>;
  /** Takes one resource, due or not; nothing when it is not in use. */
  claim(options: {
    id: string;
    leaseMs: number;
  }): Promise<DriftClaim | undefined>;
  /**
   * Answers the resource as it is recorded then; nothing when the claim is
   * lost, because the resource was changed meanwhile.
   */
  record(options: {
    claim: DriftClaim;
    look: ResourceLook;
    nextInMs: number;
  }): Promise<ResourceRecord | undefined>;
  /** Looks again later, and leaves what was found as it is. */
  postpone(claim: DriftClaim, nextInMs: number): Promise<void>;
  /** Nobody can look at the resource any more. */
  release(claim: DriftClaim): Promise<void>;
  /** Has resources of these types looked at, unless they are already. */
  enroll(options: { provider: string; types: string[] }): Promise<void>;
  /** How much of each application drifted, in their order. */
  countOf(
    applications: Array<{ id: string; environment: string; name: string }>,
  ): Promise<number[]>;
}

/** What a look at the manifests of an application found. */
export interface ManifestLook {
  status: DriftStatus;
  message?: string;
  objects: ManifestDrift[];
}

/** The last look at the manifests of an application. */
export interface ManifestDriftRecord extends ManifestLook {
  version: string;
  since?: number;
  checkedAt: number;
  accepted?: { by: string; at: number; reason: string };
}

export interface ManifestClaim {
  applicationId: string;
  token: number;
}

export interface ManifestDriftStore {
  /** Leaves out applications that are just deployed. */
  claimDue(options: {
    limit: number;
    leaseMs: number;
  }): Promise<ManifestClaim[]>;
  claim(options: {
    applicationId: string;
    leaseMs: number;
  }): Promise<ManifestClaim | undefined>;
  record(options: {
    claim: ManifestClaim;
    look: ManifestLook;
    nextInMs: number;
  }): Promise<{ isNew: boolean } | undefined>;
  postpone(claim: ManifestClaim, nextInMs: number): Promise<void>;
  release(claim: ManifestClaim): Promise<void>;
  get(applicationId: string): Promise<ManifestDriftRecord | undefined>;
  /** Answers `false` when something else was found meanwhile. */
  accept(options: {
    applicationId: string;
    version: string;
    by: string;
    reason: string;
  }): Promise<boolean>;
  /** What was found does not hold any more, and is looked for again. */
  reset(applicationId: string, dueInMs: number): Promise<void>;
  remove(applicationId: string): Promise<void>;
}

/** What a deployment of the action `repair` brings back. */
export interface DriftToRepair {
  /** By the uid of the resource. */
  resources: Map<string, Pick<ResourceLook, 'status' | 'changes'>>;
  manifests: ManifestDrift[];
}
