import {
  JsonObject,
  JsonValue,
  RESOURCE_OPERATIONS,
  ResourceIdentity,
  ResourceOperation,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  DefinitionLocation,
  ProviderFunction,
  ProviderImplementation,
  ResourceTypeImplementation,
  StepType,
  createStepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { stringify } from 'yaml';
import { z } from 'zod';

const MAX_NAME_LENGTH = 63;

const configSchema = z.strictObject({
  resourceType: z.number().int().min(0),
  operation: z.enum(RESOURCE_OPERATIONS),
});

/**
 * A provider in code as a location of definitions: its manifest, and for each
 * operation a workflow of one step that calls the code. So all that holds for
 * providers in files holds for it too: it is validated, conflicts are found,
 * and its work has runs with logs, retries and limits.
 */
export function codeLocation(
  provider: ProviderImplementation,
): DefinitionLocation {
  const target = `code of the provider ${provider.name}`;
  let isRead = false;
  return {
    target,
    read: async () => {
      if (isRead) {
        return undefined;
      }
      isRead = true;
      const text = documentsOf(provider)
        .map(document => stringify(document, { aliasDuplicateObjects: false }))
        .join('---\n');
      return [{ name: target, text }];
    },
  };
}

/** The step type whose steps are the operations of a provider in code. */
export function codeStepType(provider: ProviderImplementation): StepType {
  return createStepType({
    name: stepTypeName(provider),
    description: `Operations of the provider "${provider.name}", in code.`,
    schema: configSchema,
    effects: 'external',
    onInterrupt: provider.onInterrupt ?? 'rerun',
    run: async step => {
      const { config, parameters, ...context } = step;
      const resourceType = provider.resourceTypes[config.resourceType];
      const work = resourceType && functionOf(resourceType, config.operation);
      if (!work) {
        throw new Error(
          `The provider "${provider.name}" has no operation "${config.operation}" for its resource type ${config.resourceType}`,
        );
      }
      const { resource, ...params } = await step.resolveSecrets(
        parameters as JsonObject,
      );
      const outputs = await work({
        ...context,
        params,
        resource: resource as ResourceIdentity,
      });
      return {
        outputs: (outputs ?? {}) as Record<string, JsonValue>,
        sensitive: (resourceType.outputs ?? [])
          .filter(
            ({ name, sensitive }) => sensitive && outputs?.[name] !== undefined,
          )
          .map(({ name }) => name),
      };
    },
  });
}

function documentsOf(provider: ProviderImplementation): JsonObject[] {
  const { name, title, version, owner, description, compatibility } = provider;
  const workflows: JsonObject[] = [];
  const resourceTypes = provider.resourceTypes.map((resourceType, index) => {
    const { type, aliases, id, environments, parameters } = resourceType;
    const operations = RESOURCE_OPERATIONS.filter(operation =>
      functionOf(resourceType, operation),
    ).map(operation => {
      const workflow = workflowOf(provider, index, operation);
      workflows.push(workflow);
      return [
        operation,
        { workflow: workflowName(provider, index, operation) },
      ];
    });
    return {
      type,
      aliases,
      class: resourceType.class,
      id,
      environments,
      description: resourceType.description,
      parameters,
      outputs: resourceType.outputs,
      hints: resourceType.hints,
      manifests: resourceType.manifests,
      operations: Object.fromEntries(operations),
    };
  });
  const manifest = {
    apiVersion: 'innominatus.dev/v1',
    kind: 'Provider',
    metadata: { name, title, version, owner, description },
    spec: { compatibility, resourceTypes },
  };
  // What is undefined has no place in YAML.
  return [JSON.parse(JSON.stringify(manifest)), ...workflows];
}

function workflowOf(
  provider: ProviderImplementation,
  index: number,
  operation: ResourceOperation,
): JsonObject {
  const resourceType = provider.resourceTypes[index];
  const outputs =
    operation === 'delete'
      ? []
      : (resourceType.outputs ?? []).map(({ name }) => [
          name,
          `\${${operation}.${name}}`,
        ]);
  return {
    apiVersion: 'innominatus.dev/v1',
    kind: 'Workflow',
    metadata: { name: workflowName(provider, index, operation) },
    spec: {
      steps: [
        {
          name: operation,
          type: stepTypeName(provider),
          config: { resourceType: index, operation },
        },
      ],
      outputs: Object.fromEntries(outputs),
    },
  };
}

/** Without an update of its own, a resource is made again under its name. */
function functionOf(
  resourceType: ResourceTypeImplementation,
  operation: ResourceOperation,
): ProviderFunction | undefined {
  return operation === 'update'
    ? (resourceType.update ?? resourceType.create)
    : resourceType[operation];
}

function stepTypeName({ name }: ProviderImplementation): string {
  return `provider-${name}`;
}

function workflowName(
  { name, resourceTypes }: ProviderImplementation,
  index: number,
  operation: ResourceOperation,
): string {
  const { type } = resourceTypes[index];
  const isOnly =
    resourceTypes.filter(other => other.type === type).length === 1;
  const slug = type.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const full = `${name}-${slug}${isOnly ? '' : `-${index}`}-${operation}`;
  return full.length <= MAX_NAME_LENGTH
    ? full
    : `${name.slice(0, 40)}-${index}-${operation}`;
}
