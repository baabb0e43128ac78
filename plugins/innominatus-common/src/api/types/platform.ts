import { Diagnostic } from '../../diagnostics';
import { JsonObject, JsonValue } from '../../json';
import { ResourceHint } from './applications';
import { AllowedAction } from './common';
import { EnvironmentTarget } from './environments';
import { ResourceManagement } from './resources';

/** @public */
export interface GoldenPathParameter {
  name: string;
  title?: string;
  description?: string;
  type: 'string' | 'int' | 'bool' | 'duration' | 'enum' | 'list';
  required: boolean;
  default?: JsonValue;
  pattern?: string;
  allowedValues?: string[];
  /**
   * Inclusive: of an `int`, of the length of a `string`, of the number of texts
   * in a `list`, or of a `duration` in milliseconds.
   */
  min?: number;
  /** Inclusive, of the same as `min`. */
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
  /** Of paths that only take a workload away. */
  removesApplication?: boolean;
  steps: Array<{
    name: string;
    title?: string;
    type: string;
    dependsOn: string[];
    stage: number;
  }>;
  source?: string;
  /**
   * `lastGood` when the file has errors now and an earlier version is in use;
   * `refused` when nothing is in use, and only the name is known.
   */
  state: 'active' | 'lastGood' | 'refused';
  /** Of the last good version: when it was read first. */
  lastGoodAt?: string;
  problems: Diagnostic[];
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
    /** Who makes its resources. */
    management: ResourceManagement;
    environments: string[];
    environmentTypes: string[];
    /** Kinds of targets it serves; empty for all. */
    targets: Array<EnvironmentTarget['type']>;
    /** JSON Schema of the parameters. */
    parameters?: JsonObject;
    outputs: Array<{
      name: string;
      sensitive: boolean;
      description?: string;
      /** JSON Schema of the value. */
      schema?: JsonObject;
    }>;
    /** Values are templates. */
    hints: ResourceHint[];
    operations: Array<'create' | 'update' | 'delete' | 'read'>;
    /** Workflows by operation, where a workflow does the work. */
    workflows: Partial<Record<'create' | 'update' | 'delete' | 'read', string>>;
  }>;
  source?: string;
  /** Range of versions of innominatus it works with. */
  compatibility?: string;
  /**
   * `lastGood`: the files have errors now, and an earlier version is in use.
   * `refused`: nothing is in use.
   */
  state: 'active' | 'lastGood' | 'refused';
  /** Of the last good version: when it was read first. */
  lastGoodAt?: string;
  /** What is wrong with the bundle; the last good version stays in use. */
  problems: Diagnostic[];
}

/**
 * What the locations of definitions hold.
 *
 * @public
 */
export interface DefinitionsSummary {
  /** How many are in use. */
  providers: number;
  goldenPaths: number;
  environments: number;
  problems: Diagnostic[];
}

/**
 * A definition of a location.
 *
 * @public
 */
export interface DefinitionSummary {
  /** `Provider`, `GoldenPath`, `Workflow`, ...; missing when the file is not readable. */
  kind?: string;
  name?: string;
  /** File it comes from. */
  source?: string;
  /**
   * `lastGood`: it has errors now, and an earlier version is in use.
   * `refused`: nothing of it is in use.
   */
  state: 'active' | 'lastGood' | 'refused';
  /** Of the last good version: when it was read first. */
  lastGoodAt?: string;
  problems: Diagnostic[];
}

/**
 * An entry of `innominatus.locations`.
 *
 * @public
 */
export interface DefinitionLocationSummary {
  target: string;
  /** Branch, tag or commit that is meant. */
  ref?: string;
  /** What exactly was read, for example the id of a commit. */
  revision?: string;
  /** What came out of the last look. */
  state: 'current' | 'unreadable' | 'unread';
  /** It could not be read yet; what is in use is a copy of before. */
  cached: boolean;
  /** Why it cannot be read. */
  error?: string;
  checkedAt?: string;
  /** When the files that are in use were read. */
  readAt?: string;
  definitions: DefinitionSummary[];
}
