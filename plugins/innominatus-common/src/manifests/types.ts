import { Diagnostic } from '../diagnostics';
import { JsonObject, JsonValue } from '../json';
import { Workload } from '../score/workload';

/**
 * A Kubernetes object as plain JSON.
 *
 * @public
 */
export type KubernetesObject = JsonObject & {
  apiVersion: string;
  kind: string;
  metadata: KubernetesMetadata;
};

/** @public */
export type KubernetesMetadata = JsonObject & {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
};

/**
 * Stands for an output that only exists once its resource was provisioned.
 *
 * @public
 */
export const KNOWN_AFTER_APPLY = '(known after apply)';

/**
 * Options of {@link renderWorkload}.
 *
 * @public
 */
export interface RenderWorkloadOptions {
  workload: Workload;
  /** Name of the environment; part of the instance label. */
  environment: string;
  /** Written into every object that lives in a namespace. */
  namespace?: string;
  /**
   * Outputs by name of the resource. A resource that is missing here, or has
   * no outputs, is not known yet: {@link KNOWN_AFTER_APPLY} is shown instead.
   * Values may hold secret references.
   */
  resources: Record<string, { outputs?: Record<string, JsonValue> }>;
  /** Objects of providers, their templates already filled in. */
  extraManifests?: JsonObject[];
  /** Texts of `files.*.source` by path as written in the spec. */
  sourceFiles?: Record<string, string>;
}

/**
 * What {@link renderWorkload} answers. With an error among the diagnostics the
 * manifests must not be delivered.
 *
 * @public
 */
export interface RenderedWorkload {
  /** In the order in which they have to be applied. */
  manifests: KubernetesObject[];
  /** Line and column are 1; `pointer` says where in the Score spec. */
  diagnostics: Diagnostic[];
}
