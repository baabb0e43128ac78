import { AllowedAction } from './common';
import { PlannedManifest, PlannedResource } from './plans';

/**
 * What a look found: everything as it is recorded, something that is not,
 * something that is gone, or that it could not be told.
 *
 * @public
 */
export type DriftStatus = 'none' | 'drifted' | 'missing' | 'unknown';

/**
 * Drift in a few words.
 *
 * @public
 */
export interface DriftSummary {
  status: DriftStatus;
  /** When the drift that there is was found first. */
  since?: string;
  checkedAt: string;
}

/**
 * How one resource differs from what is recorded of it.
 *
 * @public
 */
export interface ResourceDrift extends DriftSummary {
  id: string;
  uid: string;
  name: string;
  type: string;
  /** Why it is unknown, or how it is known to be gone. */
  message?: string;
  /** From what is recorded (`before`) to what is there (`after`); secrets masked. */
  changes: PlannedResource['changes'];
  /** Names what was found; who accepts it names this. */
  version: string;
  /** The run that looked, as long as it is kept. */
  runId?: string;
}

/**
 * A manifest that is not as it is recorded: `before` and `after` are what is
 * recorded and what is there.
 *
 * @public
 */
export interface ManifestDrift extends Omit<PlannedManifest, 'action'> {
  status: 'drifted' | 'missing';
  namespace?: string;
}

/**
 * How the manifests of an application differ from what is recorded.
 *
 * @public
 */
export interface ManifestsDrift extends DriftSummary {
  message?: string;
  version: string;
  /** Only those that differ. */
  objects: ManifestDrift[];
  /** Who accepted what was found; it does not count as drift then. */
  accepted?: { by: string; at: string; reason: string };
}

/**
 * How an application differs from what is recorded of it.
 *
 * @public
 */
export interface ApplicationDrift {
  /** The worst of all; `unknown` when nothing was looked at. */
  status: DriftStatus;
  /** Resources and manifests that drifted. */
  count: number;
  /** Those that were looked at, and that the caller may read. */
  resources: ResourceDrift[];
  /** Absent when they were not looked at. */
  manifests?: ManifestsDrift;
  allowedActions: {
    /** Look now. */
    check: AllowedAction;
    accept: AllowedAction;
    /** By a deployment that can be planned first. */
    repair: AllowedAction;
  };
}

/** @public */
export interface CheckDriftRequest {
  /** Name of a resource; everything without it. */
  resource?: string;
}

/**
 * Makes what was found the truth: of one resource, or of the manifests.
 *
 * @public
 */
export interface AcceptDriftRequest {
  /** Name of the resource; the manifests without it. */
  resource?: string;
  /** Of what was found. */
  version: string;
  /** Kept for the record. */
  reason: string;
}
