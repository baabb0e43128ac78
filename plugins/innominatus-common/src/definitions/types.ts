import {
  EnvironmentTarget,
  ResourceHint,
  ResourceManagement,
} from '../api/types';
import { ResourcePrice } from '../costs';
import { JsonObject } from '../json';
import { WorkflowDocument } from '../workflow/compile/readWorkflowDocuments';
import { ProviderHealthCheck } from './life';

/** @public */
export interface ProviderOutput {
  name: string;
  description?: string;
  /** Stored encrypted and never shown. */
  sensitive: boolean;
  /** JSON Schema of the value; anything goes without it. */
  schema?: JsonObject;
}

/**
 * How one operation on a resource is done: by a workflow, or by giving the
 * outputs right here.
 *
 * @public
 */
export interface ProviderOperation {
  /** Name of a workflow. Its outputs become those of the resource. */
  workflow?: string;
  /** Outputs as templates, for operations that need no work. */
  values?: JsonObject;
}

/**
 * Which environments a provider serves. Every list that is not empty has to
 * match.
 *
 * @public
 */
export interface EnvironmentSelector {
  names: string[];
  types: string[];
  targets: Array<EnvironmentTarget['type']>;
}

/** @public */
export interface ProviderResourceType {
  type: string;
  aliases: string[];
  /** Any class without it. */
  class?: string;
  /** Any id without it. */
  id?: string;
  environments: EnvironmentSelector;
  description?: string;
  /** As the manifest says; `managementOf` tells without it. */
  management?: ResourceManagement;
  /** JSON Schema of the parameters; anything goes without it. */
  parameters?: JsonObject;
  /** What it costs per month; the price list of the platform comes first. */
  cost?: ResourcePrice;
  outputs: ProviderOutput[];
  hints: ResourceHint[];
  operations: {
    create: ProviderOperation;
    update: ProviderOperation;
    delete: ProviderOperation;
    /**
     * Answers the outputs as they are now, without changing anything. Nobody
     * can look when it is empty.
     */
    read: ProviderOperation;
  };
  healthCheck?: ProviderHealthCheck;
  /** Kubernetes objects that are delivered together with the workload. */
  manifests: JsonObject[];
}

/**
 * A team-owned bundle that knows how to make resources.
 *
 * @public
 */
export interface ProviderDefinition {
  name: string;
  title?: string;
  /** Semantic version. */
  version: string;
  /** Ref of a group in the catalog, in full. */
  owner?: string;
  description?: string;
  /** Range of versions of innominatus it works with. */
  compatibility?: string;
  resourceTypes: ProviderResourceType[];
  /** File it was read from. */
  source?: string;
  /** Line of the document in that file. */
  line: number;
}

/**
 * A provider and the document it was read from, so that later findings have
 * their place.
 *
 * @public
 */
export interface LoadedProvider extends ProviderDefinition {
  document: WorkflowDocument;
}

/**
 * Operations a resource type offers, in the order of its life.
 *
 * @public
 */
export const RESOURCE_OPERATIONS = [
  'create',
  'update',
  'delete',
  'read',
] as const;

/** @public */
export type ResourceOperation = (typeof RESOURCE_OPERATIONS)[number];
