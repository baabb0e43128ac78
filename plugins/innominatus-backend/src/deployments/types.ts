import {
  ApprovalPolicy,
  DeploymentAction,
  DeploymentSummary,
  Diagnostic,
  Environment,
  JsonObject,
  Page,
  Plan,
  PlanAction,
  PlannedManifest,
  PlannedResource,
  PlanCost,
  PlanWarning,
  PolicyResult,
  ProviderMatch,
  Workload,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { ApplicationIdentity } from '../applications/ApplicationIdentities';
import { ApplicationRecord } from '../applications/types';
import { Requester } from '../policies/Requesters';
import { StartRunOptions } from '../runs/types';
import { DeploymentHold } from './holds';
import { PreparedRun } from './prepareRun';
import { PlanDeploymentRequest } from './request';

/** A resource that the workload of a deployment asks for. */
export interface WorkResource {
  name: string;
  uid: string;
  type: string;
  class: string;
  /** Id of the Score spec; set when shared. */
  id?: string;
  action: PlanAction;
  provider: { name: string; version: string };
  /** With placeholders, defaults, and what others say of a shared one. */
  params: JsonObject;
  /** As the Score spec has them. */
  declared?: JsonObject;
  /** Names of the resources that the placeholders name. */
  dependsOn: string[];
}

/** A resource that goes away with a deployment. */
export interface WorkRemoval {
  /** Name of the step's resource; unique among the removals. */
  name: string;
  resourceId: string;
  uid: string;
  /** Others still use it: only our use of it ends. */
  releaseOnly: boolean;
}

/** What the steps of a deployment need to know about it. */
export interface DeploymentWork {
  resources: WorkResource[];
  removals: WorkRemoval[];
}

/** What was asked for, with everything that the past had to say to it. */
export type StoredRequest = Pick<
  PlanDeploymentRequest,
  | 'action'
  | 'entityRef'
  | 'goldenPath'
  | 'parameters'
  | 'overrideFreeze'
  | 'prune'
  | 'target'
  | 'from'
  | 'resources'
> & {
  identity: ApplicationIdentity;
  priority?: number;
  requester?: Requester;
  /** Places of the Score spec that were overridden. */
  overridden?: string[];
};

/** How a Score spec is deployed. */
export interface DeploymentSettings {
  /** Absent for the usual one. */
  goldenPath?: string;
  parameters?: PlanDeploymentRequest['parameters'];
}

export interface DeploymentRecord {
  id: string;
  applicationId: string;
  number: number;
  environment: string;
  environmentType: string;
  name: string;
  owner?: string;
  action: DeploymentAction;
  status: DeploymentSummary['status'];
  revision: number;
  goldenPath: string;
  planHash: string;
  runId: string;
  runNumber?: number;
  /** Set until the run was started. */
  runRequest?: StartRunOptions;
  work: DeploymentWork;
  changes: string[];
  /** The plan it carries out. */
  planId?: string;
  /** What was asked for, so that it can be planned again. */
  request?: StoredRequest;
  /** Set when it needs approval. */
  approvalId?: string;
  /** Set while it was approved, but cannot be carried out. */
  hold?: DeploymentHold;
  monthlyCost?: number;
  failure?: DeploymentSummary['failure'];
  createdBy: string;
  createdAt: number;
  endedAt?: number;
}

export type NewDeployment = Omit<
  DeploymentRecord,
  'status' | 'runNumber' | 'hold' | 'failure' | 'createdAt' | 'endedAt'
>;

export interface ListDeploymentsOptions {
  limit: number;
  cursor?: string;
  filter: {
    environment?: string[];
    name?: string[];
    status?: string[];
    action?: string[];
  };
  sort: 'createdAt' | '-createdAt';
  count?: boolean;
  restrict: (query: Knex.QueryBuilder) => void;
}

export interface DeploymentStore {
  insert(deployment: NewDeployment): Promise<void>;
  get(id: string): Promise<DeploymentRecord | undefined>;
  getMany(ids: string[]): Promise<DeploymentRecord[]>;
  findByRun(runId: string): Promise<DeploymentRecord | undefined>;
  list(options: ListDeploymentsOptions): Promise<Page<DeploymentRecord>>;
  /** Deployments that are stored, but whose run may not exist yet. */
  listUnstarted(): Promise<DeploymentRecord[]>;
  /**
   * Deployments that wait for an approval, or were given one and are to be
   * tried now.
   */
  listHeld(): Promise<DeploymentRecord[]>;
  /** Says what a deployment waits for that was approved. */
  hold(options: { id: string; hold: DeploymentHold }): Promise<void>;
  /**
   * Gives a deployment that waited the run it wants. Answers `false` when it
   * has one, or has ended.
   */
  release(options: {
    id: string;
    runRequest: StartRunOptions;
    work: DeploymentWork;
    changes: string[];
  }): Promise<boolean>;
  findByNumber(options: {
    applicationId: string;
    number: number;
  }): Promise<DeploymentRecord | undefined>;
  /** The last one that brought a revision out. */
  lastSucceeded(applicationId: string): Promise<DeploymentRecord | undefined>;
  /** Those that brought a revision out before another one, latest first. */
  succeededBefore(options: {
    applicationId: string;
    /** Of the other one. */
    number: number;
    limit: number;
  }): Promise<DeploymentRecord[]>;
  /**
   * The last one that brought this revision out, else the last one that was to
   * do so.
   */
  lastOfRevision(options: {
    applicationId: string;
    revision: number;
  }): Promise<DeploymentRecord | undefined>;
  markStarted(options: { id: string; runNumber: number }): Promise<void>;
  /**
   * Answers whether this call ended it; false when it had ended before, or
   * another run carries it on.
   */
  end(options: {
    id: string;
    runId: string;
    status: 'succeeded' | 'failed' | 'cancelled';
    failure?: DeploymentSummary['failure'];
    endedAt: number;
  }): Promise<boolean>;
  /**
   * Lets another run carry an ended deployment on. Answers `false` when it has
   * not ended, or belongs to another run than `from`.
   */
  carryOn(options: {
    id: string;
    from: string;
    runId: string;
    runNumber: number;
  }): Promise<boolean>;
  /** The same store inside a transaction of the caller. */
  within(transaction: Knex.Transaction): DeploymentStore;
}

/** What a plan is made of, each part as a hash. */
export interface PlanParts {
  action: string;
  environment: string;
  entityRef: string;
  score: string;
  goldenPath: string;
  parameters: string;
  resources: string;
  manifests: string;
  policies: string;
  cost: string;
}

/** A plan and what it belongs to. */
export interface PlanRecord {
  plan: Plan;
  parts: PlanParts;
  environmentType: string;
  owner?: string;
}

export interface PlanStore {
  insert(record: PlanRecord): Promise<void>;
  /** Only plans that have not expired, or were deployed. */
  get(id: string): Promise<PlanRecord | undefined>;
  /** The latest of those that say the same. */
  findByHash(options: {
    environment: string;
    name: string;
    hash: string;
  }): Promise<PlanRecord | undefined>;
  /** Those that were deployed stay. */
  deleteExpired(): Promise<number>;
}

/** A plan together with everything that carrying it out needs. */
export interface PlannedDeployment {
  environment: Environment;
  name: string;
  action: DeploymentAction;
  identity: ApplicationIdentity;
  existing: ApplicationRecord | undefined;
  workload: Workload;
  /** Score spec as it is stored. */
  score: string;
  scoreHash: string;
  version?: string;
  run: PreparedRun;
  work: DeploymentWork;
  /** Who provides each resource, by its name. */
  matches: Map<string, ProviderMatch>;
  resources: PlannedResource[];
  manifests: PlannedManifest[];
  diagnostics: Diagnostic[];
  policies: PolicyResult[];
  /** Who has to agree before it is carried out. */
  approval?: ApprovalPolicy;
  cost?: PlanCost;
  warnings: PlanWarning[];
  changes: string[];
  parts: PlanParts;
  hash: string;
}
