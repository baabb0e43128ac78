import {
  EnvironmentTarget,
  InterruptAction,
  JsonObject,
  JsonValue,
  ResourceHint,
  ResourceIdentity,
} from '@innominatus/backstage-plugin-innominatus-common';
import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { StepContext } from './stepTypes';

/**
 * What an operation of a provider in code may use: everything a step may use,
 * and the resource.
 *
 * @public
 */
export interface ProviderContext extends Omit<
  StepContext<unknown>,
  'config' | 'parameters'
> {
  /**
   * As the Score spec says, with defaults, checked against the schema. Secrets
   * are in clear; whatever of them is logged is redacted.
   */
  params: JsonObject;
  /** Which resource it is; `guid` and `slug` stay the same for its life. */
  resource: ResourceIdentity;
}

/**
 * Answers the outputs of the resource by their names.
 *
 * @public
 */
export type ProviderFunction = (
  context: ProviderContext,
) => Promise<Record<string, JsonValue> | void>;

/**
 * A resource type whose work is done in code.
 *
 * @remarks
 * An operation may be called again after an interruption, with the same
 * `idempotencyKey`, and has to come to the same end.
 *
 * @public
 */
export interface ResourceTypeImplementation {
  type: string;
  aliases?: string[];
  /** Only resources of this class. */
  class?: string;
  /** Only the resource with this id. */
  id?: string;
  /** Only these environments. */
  environments?: {
    names?: string[];
    types?: string[];
    targets?: Array<EnvironmentTarget['type']>;
  };
  description?: string;
  /** JSON Schema of the params. */
  parameters?: JsonObject;
  outputs?: Array<{
    name: string;
    description?: string;
    /** Stored encrypted, never shown. */
    sensitive?: boolean;
    /** JSON Schema of the value. */
    schema?: JsonObject;
  }>;
  hints?: ResourceHint[];
  /** Kubernetes objects that are delivered together with the workload. */
  manifests?: JsonObject[];
  create: ProviderFunction;
  /** Like `create` when it is missing. */
  update?: ProviderFunction;
  /** Nothing is done when it is missing. */
  delete?: ProviderFunction;
  /** Answers the outputs as they are now and changes nothing. */
  read?: ProviderFunction;
}

/**
 * A provider in code.
 *
 * @public
 */
export interface ProviderImplementation {
  name: string;
  title?: string;
  /** Semantic version. */
  version: string;
  /** Ref of a group in the catalog. */
  owner?: string;
  description?: string;
  /** Range of versions of innominatus it works with. */
  compatibility?: string;
  /** What happens to an operation whose worker died. Default `rerun`. */
  onInterrupt?: InterruptAction;
  resourceTypes: ResourceTypeImplementation[];
}

/**
 * Keeps the type while a provider is declared.
 *
 * @public
 */
export function createProvider(
  provider: ProviderImplementation,
): ProviderImplementation {
  return provider;
}

/**
 * Where modules bring in providers in code.
 *
 * @public
 */
export interface InnominatusProvidersExtensionPoint {
  addProvider(...providers: ProviderImplementation[]): void;
}

/** @public */
export const innominatusProvidersExtensionPoint =
  createExtensionPoint<InnominatusProvidersExtensionPoint>({
    id: 'innominatus.providers',
  });
