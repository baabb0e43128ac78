import { Diagnostic } from '../diagnostics';
import { JsonObject, JsonValue } from '../json';
import { CompileOptions, compileWorkflow } from './compile';
import { ParameterDefinition } from './parameters';
import { ScheduleDefinition } from './schedule';
import { WorkflowDefinition } from './types';

/**
 * A golden path ready to be offered and run.
 *
 * @public
 */
export interface GoldenPathDefinition {
  metadata: {
    name: string;
    title: string;
    description?: string;
    category?: string;
    tags: string[];
    owner?: string;
    version?: string;
    /** Free text of the author, for example `2-5 minutes`. */
    estimatedDuration?: string;
  };
  parameters: ParameterDefinition[];
  workflow: WorkflowDefinition;
  /** When it is started by itself. */
  schedule?: ScheduleDefinition;
}

/**
 * Compiles a document of `kind: GoldenPath`. A plain `Workflow` is taken too:
 * it becomes a golden path of the same name.
 *
 * @public
 */
export function compileGoldenPath(
  source: unknown,
  options: CompileOptions = {},
): { goldenPath?: GoldenPathDefinition; diagnostics: Diagnostic[] } {
  const { definition, metadata, parameters, schedule, diagnostics } =
    compileWorkflow(source, options);
  if (definition === undefined) {
    return { diagnostics };
  }
  return {
    goldenPath: {
      metadata: readMetadata(definition.name, metadata),
      parameters,
      workflow: definition,
      ...(schedule === undefined ? {} : { schedule }),
    },
    diagnostics,
  };
}

function readMetadata(
  name: string,
  metadata: JsonObject,
): GoldenPathDefinition['metadata'] {
  const result: GoldenPathDefinition['metadata'] = {
    name,
    title: asText(metadata.title) ?? name,
    tags: Array.isArray(metadata.tags) ? metadata.tags.map(String) : [],
  };
  for (const key of [
    'description',
    'category',
    'owner',
    'version',
    'estimatedDuration',
  ] as const) {
    const text = asText(metadata[key]);
    if (text !== undefined) {
      result[key] = text;
    }
  }
  return result;
}

function asText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : undefined;
}
