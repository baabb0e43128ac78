import { Diagnostic } from '../../diagnostics';
import { JsonObject, JsonValue } from '../../json';
import { AllowedAction } from './common';

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
