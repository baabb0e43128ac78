import { JsonObject, JsonValue } from '../../json';
import { StepError, WaitingReason } from '../../workflow/types';
import { AllowedAction } from './common';
import {
  DeploymentAction,
  PlanAction,
  PlanRequest,
  PlannedManifest,
} from './plans';
import { DriftSummary } from './drift';
import {
  ApplicationHealth,
  ResourceHealth,
  ResourceManagement,
  ResourceWait,
} from './resources';

/** @public */
export type ResourceState =
  | 'requested'
  | 'provisioning'
  | 'active'
  | 'updating'
  | 'degraded'
  | 'terminating'
  | 'terminated'
  | 'failed';

/** @public */
export interface ResourceHint {
  type: 'url' | 'dashboard' | 'command' | 'connection_string' | 'docs' | 'text';
  label: string;
  value: string;
}

/** @public */
export interface Resource {
  id: string;
  uid: string;
  name: string;
  type: string;
  class: string;
  environment: string;
  /** Workload that declared it first. */
  workload: string;
  shared: boolean;
  /** Who makes it, as its provider said at the last deployment. */
  management: ResourceManagement;
  state: ResourceState;
  provider?: { name: string; version: string };
  params: JsonObject;
  /** Secrets masked. */
  outputs: Record<string, JsonValue>;
  hints: ResourceHint[];
  error?: string;
  /** While it is provisioned, changed or deleted by somebody or something else. */
  waitingFor?: ResourceWait;
  /** What the last health check said. */
  health?: ResourceHealth;
  /** What the last look at it found. */
  drift?: DriftSummary;
  createdAt: string;
  updatedAt: string;
  runId?: string;
}

/** @public */
export interface DeploymentSummary {
  id: string;
  number: number;
  environment: string;
  name: string;
  action: DeploymentAction;
  status: 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  revision: number;
  /** Name of the golden path that it goes through. */
  goldenPath?: string;
  planHash: string;
  /** The plan it carries out. */
  planId?: string;
  /** Set when it needs approval, or needed it. */
  approvalId?: string;
  /** Why the run waits, while it does. */
  waiting?: WaitingReason;
  /** Absent until the deployment is approved. */
  runId?: string;
  runNumber?: number;
  createdBy: string;
  /** Why it may go on while the environment is frozen, and who said so. */
  freezeOverride?: { reason: string; by: string };
  createdAt: string;
  endedAt?: string;
  /** One line on what changed: image, variables, resources. */
  changes: string[];
  failure?: { step?: string; error: StepError };
  /** Only when a single deployment is asked for. */
  recovery?: DeploymentRecovery;
}

/**
 * What can be done about a deployment that did not end well: resume it, keep
 * things as they are (which needs nothing), or undo it.
 *
 * @public
 */
export interface DeploymentRecovery {
  /** What there is of its resources, and what it meant to do with them. */
  exists: Array<{
    id: string;
    uid: string;
    name: string;
    type: string;
    state: ResourceState;
    error?: string;
    action: PlanAction;
  }>;
  /** By retrying its run. */
  resume: AllowedAction;
  /** By a deployment that can be planned first. */
  undo: AllowedAction & { request: PlanRequest };
}

/**
 * What is deployed of one application, compared with another one.
 *
 * @public
 */
export interface ApplicationDiff {
  from: ApplicationPlace;
  to: ApplicationPlace;
  /** Unified diff of the Score specs; empty when they are the same. */
  score: string;
  resources: Array<{
    name: string;
    type: string;
    action: PlanAction;
    changes: Array<{ path: string; before?: JsonValue; after?: JsonValue }>;
  }>;
  manifests: Array<Omit<PlannedManifest, 'before' | 'after'>>;
}

/** @public */
export interface ApplicationPlace {
  environment: string;
  name: string;
  /** Absent when nothing is deployed. */
  revision?: number;
  version?: string;
}

/** @public */
export interface ApplicationSummary {
  environment: string;
  environmentType: string;
  name: string;
  entityRef?: string;
  owner?: string;
  revision?: number;
  /** First image of the workload with its tag. */
  version?: string;
  status:
    | 'none'
    | 'pending'
    | 'running'
    | 'waiting'
    | 'succeeded'
    | 'failed'
    | 'cancelled';
  lastDeployment?: DeploymentSummary;
  health?: ApplicationHealth;
  /** Its resources and manifests that are not as they are recorded. */
  drift?: { count: number };
  createdAt: string;
  updatedAt: string;
  allowedActions: {
    plan: AllowedAction;
    deploy: AllowedAction;
    delete: AllowedAction;
  };
}

/** @public */
export interface Application extends ApplicationSummary {
  /** The Score spec of the current revision as YAML. */
  score?: string;
  resources: Resource[];
}
