import { Diagnostic } from '../../diagnostics';
import { JsonObject, JsonValue } from '../../json';
import { RunPriority } from '../../workflow/priority';
import { AllowedAction } from './common';
import { FileSourceContent } from '../../score/fileSources';

/**
 * One change of a plan.
 *
 * @public
 */
export const PlanAction = {
  create: 'create',
  update: 'update',
  keep: 'keep',
  delete: 'delete',
} as const;

/** @public */
export type PlanAction = (typeof PlanAction)[keyof typeof PlanAction];

/** @public */
export interface PlannedResource {
  action: PlanAction;
  /** `type.class#workload.name` or `type.class#id`. */
  uid: string;
  /** Name in the Score spec. */
  name: string;
  type: string;
  class: string;
  id?: string;
  provider?: { name: string; version: string };
  /** Changed parameters, secrets masked. */
  changes: Array<{ path: string; before?: JsonValue; after?: JsonValue }>;
  /** Names of the resources this one waits for. */
  dependsOn: string[];
  shared: boolean;
}

/** @public */
export interface PlannedManifest {
  action: PlanAction;
  apiVersion: string;
  kind: string;
  name: string;
  /** Rendered YAML; outputs that are not known yet show as `(known after apply)`. */
  before?: string;
  after?: string;
}

/** @public */
export type DeploymentAction =
  'deploy' | 'rollback' | 'promote' | 'deprovision' | 'delete' | 'repair';

/**
 * What a deployment would change.
 *
 * @public
 */
export interface Plan {
  id: string;
  hash: string;
  environment: string;
  name: string;
  action: DeploymentAction;
  goldenPath: { name: string; version?: string };
  /** Component the plan was made for, when its Score spec comes from there. */
  entityRef?: string;
  createdAt: string;
  expiresAt: string;
  createdBy: string;
  summary: Record<PlanAction, number>;
  resources: PlannedResource[];
  manifests: PlannedManifest[];
  steps: Array<{
    name: string;
    title?: string;
    type: string;
    dependsOn: string[];
    stage: number;
  }>;
  parameters: Record<string, JsonValue>;
  estimatedSeconds: number;
  /** Warnings and notes; a plan with errors is never made. */
  diagnostics: Diagnostic[];
  allowedActions: { deploy: AllowedAction };
}

/**
 * Body of `POST …/plans` and `POST …/deployments`. One of `score` and
 * `entityRef` says which Score spec is meant.
 *
 * @public
 */
export interface PlanRequest {
  action: DeploymentAction;
  /** Score spec as YAML text. */
  score?: string;
  /** File name of `score`, for diagnostics. */
  file?: string;
  /** What the files under `files.*.source` of `score` hold, by path as written. */
  sources?: Record<string, FileSourceContent>;
  /** Stands in for every image `.`. */
  image?: string;
  entityRef?: string;
  goldenPath?: string;
  parameters?: Record<string, JsonValue>;
  /** `a.b.0=value` assignments on the Score spec. */
  overrideProperties?: string[];
  overrides?: JsonObject;
  /** For a rollback: the revision to go back to. Without it the one before. */
  target?: { revision?: number };
}

/** @public */
export interface DeploymentRequest extends PlanRequest {
  /** Refuses with `PLAN_CHANGED` unless the plan is still the same. */
  planHash?: string;
  /** See {@link GoldenPathRunRequest.priority}. */
  priority?: RunPriority;
  /** Why this is deployed although the environment is frozen. */
  overrideFreeze?: string;
}

/** @public */
export interface GoldenPathRunRequest {
  parameters?: Record<string, JsonValue>;
  /** Where the workload is deployed; golden paths that need a workload ask for it. */
  environment?: string;
  /** Score spec as YAML text. */
  score?: string;
  /** What the files under `files.*.source` of `score` hold, by path as written. */
  sources?: Record<string, FileSourceContent>;
  entityRef?: string;
  /**
   * -100 to 100, higher is earlier; default is that of the golden path. More
   * than that asks for the permission to control runs.
   */
  priority?: RunPriority;
}
