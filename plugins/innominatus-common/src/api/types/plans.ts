import { Diagnostic } from '../../diagnostics';
import { JsonObject, JsonValue } from '../../json';
import { RunPriority } from '../../workflow/priority';
import { AllowedAction } from './common';
import { ResourceManagement } from './resources';
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
  /** Who makes it. Absent in plans of earlier versions. */
  management?: ResourceManagement;
  /** Changed parameters, secrets masked. */
  changes: Array<{ path: string; before?: JsonValue; after?: JsonValue }>;
  /** Names of the resources this one waits for. */
  dependsOn: string[];
  shared: boolean;
  /** The workload does not ask for it any more, and the deployment leaves it. */
  unused?: boolean;
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
  /** What of it changes, field by field; secrets masked. */
  changes?: Array<{ path: string; before?: JsonValue; after?: JsonValue }>;
  /** The same as a unified diff of the two texts. */
  diff?: string;
}

/** @public */
export type DeploymentAction =
  'deploy' | 'rollback' | 'promote' | 'deprovision' | 'delete' | 'repair';

/**
 * What one policy says of a plan.
 *
 * @public
 */
export interface PolicyResult {
  /** Name of the policy. */
  name: string;
  /** `deny` refuses the deployment. */
  result: 'pass' | 'warn' | 'deny';
  /** Name of the rule, or the key of the policy, that was broken. */
  rule?: string;
  /** One sentence; there is one unless it passed. */
  message?: string;
  /** What it is about: a place in the Score spec or the golden path. */
  position?: {
    file?: string;
    pointer?: string;
    line?: number;
    column?: number;
  };
}

/**
 * Something a person should know before saying yes.
 *
 * @public
 */
export interface PlanWarning {
  /** Stable, `SCREAMING_SNAKE`. */
  code: string;
  /** One sentence. */
  message: string;
  /** Name of the resource it is about. */
  resource?: string;
}

/**
 * What a plan costs per month, by the price list of the platform.
 *
 * @public
 */
export interface PlanCost {
  /** For example `EUR`. */
  currency: string;
  /** Of the application after the deployment. */
  monthly: number;
  /** Of the application now; nothing before its first deployment. */
  monthlyBefore?: number;
  /** What each resource contributes. */
  items: Array<{ resource: string; type: string; monthly: number }>;
  /** Names of the resources that have no price. */
  unpriced: string[];
  /** Budget of the environment, if it has one. */
  budget?: {
    /** Of all applications of the environment together, per month. */
    limit: number;
    /** All of them after the deployment. */
    total: number;
    result: 'within' | 'warn' | 'block';
    /** One sentence; there is one unless it is within. */
    message?: string;
  };
}

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
  /** What a rollback goes back to, as it was asked for. */
  target?: PlanRequest['target'];
  /** Environment that a promotion takes its revision from. */
  from?: string;
  /** Drifted resources that a repair is limited to, by their names. */
  repairs?: string[];
  /** Set when resources and manifests that are not asked for any more stay. */
  prune?: false;
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
  /** How long the run takes if nothing waits. */
  estimatedSeconds: number;
  /** Whether earlier runs say so, or only the definitions. */
  estimatedFrom: 'history' | 'definitions';
  /** Warnings and notes on the Score spec; a plan with errors is never made. */
  diagnostics: Diagnostic[];
  /** What the policies say, in their order. */
  policies: PolicyResult[];
  /** Absent when nothing has a price. */
  cost?: PlanCost;
  warnings: PlanWarning[];
  /** Who has to agree before it is carried out; absent when nobody has to. */
  approval?: {
    approvers?: string[];
    quorum: number;
    reasonRequired: boolean;
  };
  allowedActions: {
    deploy: AllowedAction;
    /**
     * Only while the environment is frozen: whether the caller may deploy all
     * the same, with a reason in `overrideFreeze`.
     */
    overrideFreeze?: AllowedAction;
  };
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
  /**
   * For a rollback: the revision, or the number of the deployment, to go back
   * to. Without it the revision before.
   */
  target?: { revision?: number; deployment?: number };
  /** For a promotion: the environment whose revision is deployed. */
  from?: string;
  /**
   * Whether resources and manifests go away that the workload does not ask for
   * any more. Default true.
   */
  prune?: boolean;
  /**
   * For a repair: names of the drifted resources that are brought back. Without
   * it all of them.
   */
  resources?: string[];
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
  /** Stands in for every image `.`; for golden paths that deploy a workload. */
  image?: string;
  /** As for {@link PlanRequest}; for golden paths that deploy a workload. */
  overrideProperties?: string[];
  overrides?: JsonObject;
  /** Why this is done although the environment of the workload is frozen. */
  overrideFreeze?: string;
  /**
   * -100 to 100, higher is earlier; default is that of the golden path. More
   * than that asks for the permission to control runs.
   */
  priority?: RunPriority;
}
