import { Definitions } from '../definitions/readDefinitions';
import {
  ProviderResourceType,
  RESOURCE_OPERATIONS,
  ResourceOperation,
} from '../definitions/types';
import { JsonObject, JsonValue } from '../json';
import { impliedAnswers } from './impliedAnswers';
import { simulateResource, SimulatedResource } from './simulateResource';

/**
 * How one operation went.
 *
 * @public
 */
export interface TriedOperation {
  provider: string;
  type: string;
  class?: string;
  id?: string;
  operation: ResourceOperation;
  status: SimulatedResource['status'];
  failure?: string;
  steps: SimulatedResource['steps'];
}

/**
 * Goes through every operation of every resource type once, with params made
 * up from the schemas and steps that answer whatever is asked of them: finds
 * references, conditions and outputs that do not fit together.
 *
 * @public
 */
export async function tryProviders(options: {
  definitions: Definitions;
  /** Taken in place of made up params, where the schema knows them. */
  params?: JsonObject;
}): Promise<TriedOperation[]> {
  const { definitions, params = {} } = options;
  const tried: TriedOperation[] = [];
  for (const provider of definitions.providers) {
    for (const resourceType of provider.resourceTypes) {
      for (const operation of RESOURCE_OPERATIONS) {
        const { workflow, values } = resourceType.operations[operation];
        if (workflow !== undefined || values !== undefined) {
          tried.push(
            await tryOperation({
              // Others may offer the same type elsewhere.
              definitions: { ...definitions, providers: [provider] },
              resourceType,
              provider: provider.name,
              operation,
              params,
            }),
          );
        }
      }
    }
  }
  return tried;
}

async function tryOperation(options: {
  definitions: Definitions;
  resourceType: ProviderResourceType;
  provider: string;
  operation: ResourceOperation;
  params: JsonObject;
}): Promise<TriedOperation> {
  const { definitions, resourceType, provider, operation } = options;
  const { type, class: resourceClass, id, environments } = resourceType;
  const workflow = definitions.workflows.find(
    ({ name }) => name === resourceType.operations[operation].workflow,
  );
  const about = { provider, type, class: resourceClass, id, operation };
  try {
    const { status, failure, steps } = await simulateResource({
      definitions,
      resource: { type, class: resourceClass, id },
      operation,
      params: sampleParams(resourceType.parameters, options.params),
      environment: {
        name: environments.names[0] ?? 'development',
        type: environments.types[0] ?? 'development',
        target: { type: environments.targets[0] ?? 'simulate' },
      },
      steps: workflow && impliedAnswers(workflow.definition),
    });
    return { ...about, status, failure, steps };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { ...about, status: 'failed', failure, steps: [] };
  }
}

function sampleParams(
  schema: JsonObject | undefined,
  given: JsonObject,
): JsonObject {
  const properties = (schema?.properties ?? {}) as Record<string, JsonObject>;
  const required = (schema?.required ?? []) as string[];
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) => {
      if (Object.hasOwn(given, name)) {
        return [[name, given[name]]];
      }
      return required.includes(name) && property.default === undefined
        ? [[name, sampleOf(property)]]
        : [];
    }),
  );
}

function sampleOf(schema: JsonObject): JsonValue {
  if (Array.isArray(schema.enum)) {
    return schema.enum[0];
  }
  if (Array.isArray(schema.examples)) {
    return schema.examples[0];
  }
  switch (schema.type) {
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return sampleParams(schema, {});
    default:
      return 'sample';
  }
}
