import { Diagnostic } from '../diagnostics';
import { JsonObject, JsonValue } from '../json';
import {
  RunStatus,
  StepError,
  StepStatus,
  WaitingReason,
} from '../workflow/types';

/**
 * One page of a list. Ask for the next one with `?cursor=`.
 *
 * @public
 */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
  /** Only with `?count=true`. */
  total?: number;
}

/**
 * Whether the caller may do something with an object, and if not, why.
 *
 * @public
 */
export interface AllowedAction {
  allowed: boolean;
  /** One sentence; only when not allowed. */
  reason?: string;
}

/** @public */
export type EnvironmentTarget =
  | { type: 'simulate' }
  | { type: 'kubernetes'; cluster?: string; namespace: string }
  | { type: 'folder'; path: string }
  | { type: 'git'; repository: string; branch: string; path: string };

/**
 * A named place to deploy to.
 *
 * @public
 */
export interface Environment {
  name: string;
  title?: string;
  description?: string;
  /** `development`, `staging`, `production`, `ephemeral`, ... */
  type: string;
  /** Position in lists, as the platform team ordered them. */
  order: number;
  target: EnvironmentTarget;
  /** ISO 8601 duration. */
  ttl?: string;
  /** File the environment was read from. */
  source?: string;
}

/** @public */
export interface GoldenPathParameter {
  name: string;
  title?: string;
  description?: string;
  type: 'string' | 'int' | 'bool' | 'duration' | 'enum';
  required: boolean;
  default?: JsonValue;
  pattern?: string;
  allowedValues?: string[];
  min?: number;
  max?: number;
}

/** @public */
export interface GoldenPath {
  name: string;
  title: string;
  description?: string;
  category?: string;
  tags: string[];
  owner?: string;
  version?: string;
  /** Free text of the author, for example `2-5 minutes`. */
  estimatedDuration?: string;
  parameters: GoldenPathParameter[];
  /** JSON Schema of the parameters, for forms. */
  parametersSchema: JsonObject;
  /** The path works on a workload: it needs a Score spec or an application. */
  needsApplication: boolean;
  steps: Array<{
    name: string;
    title?: string;
    type: string;
    dependsOn: string[];
    stage: number;
  }>;
  source?: string;
  allowedActions: { run: AllowedAction };
}

/** @public */
export interface ProviderSummary {
  name: string;
  title?: string;
  version: string;
  owner?: string;
  description?: string;
  resourceTypes: Array<{
    type: string;
    class?: string;
    id?: string;
    aliases: string[];
    description?: string;
    environments: string[];
    environmentTypes: string[];
    outputs: Array<{ name: string; sensitive: boolean; description?: string }>;
    operations: Array<'create' | 'update' | 'delete' | 'read'>;
  }>;
  source?: string;
  /** What is wrong with the bundle; the last good version stays in use. */
  problems: Diagnostic[];
}

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

/** @public */
export interface RunSummary {
  id: string;
  number: number;
  workflow: string;
  goldenPath?: string;
  title?: string;
  status: RunStatus;
  waiting?: WaitingReason;
  application?: { environment: string; name: string; entityRef?: string };
  deployment?: { id: string; number: number };
  initiator: string;
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  stepsTotal: number;
  stepsDone: number;
  /** First failing step and its error. */
  failure?: { step?: string; error: StepError };
  parentRun?: { id: string; step: string };
  /** Grows with every change; cheap to compare. */
  version: number;
  allowedActions: { cancel: AllowedAction };
}

/** @public */
export interface RunStep {
  name: string;
  title?: string;
  type: string;
  stage: number;
  dependsOn: string[];
  status: StepStatus;
  attempt: number;
  startedAt?: string;
  endedAt?: string;
  outputs: Record<string, JsonValue>;
  error?: StepError;
  skipReason?: string;
  waiting?: WaitingReason;
  config: JsonObject;
  /** Runs started by this step. */
  childRuns: string[];
}

/**
 * One try of a step.
 *
 * @public
 */
export interface StepAttempt {
  attempt: number;
  status: 'running' | 'succeeded' | 'failed' | 'cancelled';
  startedAt: string;
  endedAt?: string;
  error?: StepError;
}

/** @public */
export interface Run extends RunSummary {
  parameters: Record<string, JsonValue>;
  outputs: Record<string, JsonValue>;
  steps: RunStep[];
}

/** @public */
export interface RunLogLine {
  /** Position in the log of the run; ask for more with `?after=`. */
  seq: number;
  step: string;
  attempt: number;
  time: string;
  level: 'info' | 'warn' | 'error';
  text: string;
}

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
  state: ResourceState;
  provider?: { name: string; version: string };
  params: JsonObject;
  /** Secrets masked. */
  outputs: Record<string, JsonValue>;
  hints: ResourceHint[];
  error?: string;
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
  planHash: string;
  runId?: string;
  runNumber?: number;
  createdBy: string;
  createdAt: string;
  endedAt?: string;
  /** One line on what changed: image, variables, resources. */
  changes: string[];
  failure?: { step?: string; error: StepError };
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

/** @public */
export interface ScoreValidation {
  valid: boolean;
  file?: string;
  issues: Diagnostic[];
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
}

/** @public */
export interface GoldenPathRunRequest {
  parameters?: Record<string, JsonValue>;
  /** Where the workload is deployed; golden paths that need a workload ask for it. */
  environment?: string;
  /** Score spec as YAML text. */
  score?: string;
  entityRef?: string;
}

/**
 * RFC 9457 problem details, with Backstage's `error` member beside them.
 *
 * @public
 */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  issues?: Diagnostic[];
  error: { name: string; message: string };
}
