import { Diagnostic } from '../../diagnostics';
import { JsonValue } from '../../json';

/**
 * Which definitions would be other ones: those of another branch, tag or commit
 * of a location, or those of the files that are sent along.
 *
 * @public
 */
export interface ImpactRequest {
  /** Target of a location; with `files`, they take the place of all of its files. */
  location?: string;
  /** Branch, tag or commit of the location. */
  ref?: string;
  /** Without a location they are added, in place of those with the same names. */
  files?: Array<{ name: string; text: string }>;
  /** Only applications in these environments. */
  environments?: string[];
  /** How many applications are looked at. Default 100, at most 200. */
  limit?: number;
  /** `nextCursor` of the answer before. */
  cursor?: string;
}

/**
 * Steps of a workflow that are not the same any more, by name.
 *
 * @public
 */
export interface StepChanges {
  added: string[];
  removed: string[];
  changed: string[];
}

/** @public */
export interface DefinitionChange {
  kind: string;
  name: string;
  change: 'added' | 'removed' | 'changed';
  before?: { version?: string };
  after?: { version?: string };
  /** Unified diff of the two as YAML; absent when they are very long. */
  diff?: string;
}

/**
 * What would become of one resource with the next deployment.
 *
 * @public
 */
export interface ResourceImpact {
  /** Name in the Score spec. */
  name: string;
  uid: string;
  type: string;
  class: string;
  /**
   * `refused`: it could not be deployed any more, `issues` say why. `update`:
   * its params change. `otherwise`: it stays, and would be made, changed or
   * deleted in another way from then on.
   */
  effect: 'refused' | 'update' | 'otherwise';
  before?: { provider: string; version: string };
  after?: { provider: string; version: string };
  /** Params that change, for example because a default does. */
  params: Array<{ path: string; before?: JsonValue; after?: JsonValue }>;
  /** Operations that are done in another way. */
  operations: Array<{
    operation: 'create' | 'update' | 'delete' | 'read';
    before?: string;
    after?: string;
    steps: StepChanges;
  }>;
  outputs: { added: string[]; removed: string[] };
  /** What else is declared in another way. */
  also: Array<'parameters' | 'outputs' | 'hints' | 'manifests'>;
  issues: Diagnostic[];
}

/**
 * What would become of the way an application is deployed.
 *
 * @public
 */
export interface GoldenPathImpact {
  name: string;
  effect: 'refused' | 'otherwise';
  before?: { version?: string };
  after?: { version?: string };
  steps: StepChanges;
  parameters: StepChanges;
  issues: Diagnostic[];
}

/** @public */
export interface ApplicationImpact {
  environment: string;
  name: string;
  owner?: string;
  /** Component it is deployed for. */
  entityRef?: string;
  resources: ResourceImpact[];
  goldenPath?: GoldenPathImpact;
}

/** @public */
export interface Impact {
  /** Definitions that differ from those in use. */
  definitions: DefinitionChange[];
  /** What is wrong with the other definitions. */
  problems: Diagnostic[];
  /** Applications that would be deployed in another way. */
  items: ApplicationImpact[];
  /** How many applications were looked at for this answer. */
  looked: number;
  nextCursor?: string;
}
