import {
  ApplicationHealth,
  DriftStatus,
  HealthStatus,
  JsonObject,
  JsonValue,
  Page,
  PlannedResource,
  ResourceHint,
  ResourceManagement,
  ResourceState,
  ResourceTransition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';

/** A resource as it is stored; secrets are references. */
export interface ResourceRecord {
  id: string;
  environment: string;
  environmentType: string;
  uid: string;
  name: string;
  type: string;
  class: string;
  /** Id of the Score spec; set when the resource is shared. */
  sharedId?: string;
  workload: string;
  owner?: string;
  state: ResourceState;
  provider?: { name: string; version: string };
  /** As the provider said at the last deployment. */
  management: ResourceManagement;
  /** As declared, with placeholders. */
  params: JsonObject;
  /** As the provider got them last. */
  resolvedParams?: JsonObject;
  paramsHash?: string;
  /** Uids of the resources that the placeholders name. */
  dependsOn: string[];
  outputs: Record<string, JsonValue>;
  hints: ResourceHint[];
  error?: string;
  runId?: string;
  /** What the last check said; nothing before the first one. */
  health?: { status: HealthStatus; message: string; checkedAt: number };
  /** What the last look found; nothing before the first one. */
  drift?: ResourceDriftRecord;
  createdAt: number;
  updatedAt: number;
}

/** What a look at a resource found. */
export interface ResourceDriftRecord {
  status: DriftStatus;
  message?: string;
  changes: PlannedResource['changes'];
  /** Names what was found. */
  version: string;
  runId?: string;
  /** When the drift that there is was found first. */
  since?: number;
  checkedAt: number;
}

/** An application that uses a resource. */
export interface ResourceUse {
  workload: string;
  /** What it declares itself, without the defaults of the provider. */
  declared: JsonObject;
}

export interface RequestResourceOptions {
  environment: string;
  environmentType: string;
  uid: string;
  name: string;
  type: string;
  class: string;
  sharedId?: string;
  workload: string;
  owner?: string;
  provider: { name: string; version: string };
  /** Who makes it now. */
  management: ResourceManagement;
  params: JsonObject;
  /** Only what the workload declares itself; `params` without it. */
  declared?: JsonObject;
  dependsOn: string[];
}

/** Columns that may change together with the state. */
export interface ResourcePatch {
  provider?: { name: string; version: string };
  params?: JsonObject;
  resolvedParams?: JsonObject;
  paramsHash?: string;
  dependsOn?: string[];
  outputs?: Record<string, JsonValue>;
  hints?: ResourceHint[];
  /** `undefined` clears it. */
  error?: string;
}

export interface TransitionOptions {
  id: string;
  to: ResourceState;
  reason: string;
  by: string;
  runId?: string;
  patch?: ResourcePatch;
}

export interface ListResourcesOptions {
  limit: number;
  cursor?: string;
  filter: {
    environment?: string[];
    workload?: string[];
    type?: string[];
    state?: string[];
    management?: string[];
    name?: string[];
    uid?: string[];
  };
  sort: 'updatedAt' | '-updatedAt' | 'createdAt' | '-createdAt';
  count?: boolean;
  restrict: (query: Knex.QueryBuilder) => void;
}

/** Where resources live. The state changes through `transition` only. */
export interface ResourceStore {
  get(id: string): Promise<ResourceRecord | undefined>;
  /** The one that is not terminated. */
  findLiving(options: {
    environment: string;
    uid: string;
  }): Promise<ResourceRecord | undefined>;
  /** The living ones of many uids, in one question. */
  findManyLiving(options: {
    environment: string;
    uids: string[];
  }): Promise<Map<string, ResourceRecord>>;
  /** Everything a workload uses in an environment, shared resources included. */
  listUsedBy(options: {
    environment: string;
    workload: string;
  }): Promise<ResourceRecord[]>;
  /**
   * Answers the living resource with this uid, or a new one in the state
   * `requested`; either way the workload is one of its users afterwards, and
   * it is managed as the provider says now.
   */
  request(options: RequestResourceOptions): Promise<ResourceRecord>;
  /** Throws `ConflictError` when the state machine has no such transition. */
  transition(options: TransitionOptions): Promise<ResourceRecord>;
  /** Names of the workloads that use a resource. */
  usersOf(id: string): Promise<string[]>;
  /**
   * The same of many resources, by id, in one question. `staying` leaves out
   * those that are about to stop using them.
   */
  usersOfMany(
    ids: string[],
    options?: { staying?: boolean },
  ): Promise<Map<string, string[]>>;
  /** Who uses resources and stays, with what each declares; by id, in one question. */
  usesOfMany(ids: string[]): Promise<Map<string, ResourceUse[]>>;
  /**
   * Says which resources a workload is about to stop using. It is one of their
   * users until `removeUser`, and again after `request`.
   */
  noteLeaving(options: {
    workload: string;
    leaving: string[];
    staying: string[];
  }): Promise<void>;
  /** Who it belonged to hands it over to the application that is there longest. */
  removeUser(options: { id: string; workload: string }): Promise<void>;
  list(options: ListResourcesOptions): Promise<Page<ResourceRecord>>;
  transitions(id: string): Promise<ResourceTransition[]>;
  /** How applications are by their resources, in their order; one question for all. */
  healthOf(
    applications: Array<{ environment: string; name: string }>,
  ): Promise<ApplicationHealth[]>;
  /** The same store inside a transaction of the caller. */
  within(transaction: Knex.Transaction): ResourceStore;
}
