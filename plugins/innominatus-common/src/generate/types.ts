import { Diagnostic } from '../diagnostics';
import { JsonObject } from '../json';
import { KubernetesObject } from '../manifests';
import { FileSource } from '../score/fileSources';

/**
 * One Score spec of {@link generateManifests}.
 *
 * @public
 */
export interface GenerateInput {
  /** The spec as YAML text. */
  score: string;
  /** Name for findings. */
  file?: string;
  /** What the files of `files.*.source` hold, by path as written. */
  sources?: Record<string, FileSource>;
}

/**
 * Options of {@link generateManifests}.
 *
 * @public
 */
export interface GenerateOptions {
  /** Specs that are generated together and may share resources. */
  specs: readonly GenerateInput[];
  /** Name of the environment, part of labels and host names. Default `development`. */
  environment?: string;
  /** Written into every object that lives in a namespace. */
  namespace?: string;
  /** Begins with the namespace itself. Needs `namespace`. Default false. */
  generateNamespace?: boolean;
  /** Stands in for every image `.`. */
  image?: string;
  /** Merged into the spec: a map, or YAML text of one. For one spec only. */
  overrides?: unknown;
  /** Assignments such as `containers.main.image=nginx:1.27`. For one spec only. */
  overrideProperties?: readonly string[];
  /**
   * Outputs of resources, by uid or by name. What is given here is used as it
   * is; everything else comes from the simulator.
   */
  outputs?: JsonObject;
}

/**
 * What {@link generateManifests} answers. With an error among the diagnostics
 * there are no manifests.
 *
 * @public
 */
export interface GeneratedManifests {
  valid: boolean;
  /** Errors first, then by file and place. */
  diagnostics: Diagnostic[];
  /** In the order in which they have to be applied. */
  manifests: KubernetesObject[];
}
