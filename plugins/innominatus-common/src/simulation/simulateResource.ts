import { ResourceHint } from '../api/types';
import { Definitions } from '../definitions/readDefinitions';
import { EnvironmentKind, matchProvider } from '../definitions/matchProvider';
import { withParameterDefaults } from '../definitions/parameterDefaults';
import {
  ResourceIdentity,
  fillProviderTemplate,
} from '../definitions/template';
import { ProviderResourceType, ResourceOperation } from '../definitions/types';
import { JsonObject, JsonValue } from '../json';
import {
  SimulateWorkflowOptions,
  SimulatedRun,
  simulateWorkflow,
} from './simulateWorkflow';

/** @public */
export interface SimulateResourceOptions extends Pick<
  SimulateWorkflowOptions,
  'steps' | 'execute' | 'metadata'
> {
  definitions: Definitions;
  /** Type, and class and id where the Score spec says them. */
  resource: { type: string; class?: string; id?: string; name?: string };
  operation: ResourceOperation;
  params?: JsonObject;
  /** What is recorded of the resource, for `read`; made up without it. */
  outputs?: JsonObject;
  /** Seconds since the last change, for `read`. Default 0. */
  age?: number;
  /** Default: `development`, simulated. */
  environment?: Partial<EnvironmentKind>;
}

/** @public */
export interface SimulatedResource {
  status: SimulatedRun['status'];
  /** The provider and version that did it. */
  provider: { name: string; version: string };
  outputs: JsonObject;
  hints: ResourceHint[];
  /** What `manifests` gives, filled in. */
  manifests: JsonObject[];
  /** Steps of the workflow; none when `values` give the outputs. */
  steps: SimulatedRun['steps'];
  /** Why it failed, in one sentence. */
  failure?: string;
}

/**
 * Does an operation on a resource as a deployment would, with nothing behind
 * it. Throws when no single provider offers the resource.
 *
 * @public
 */
export async function simulateResource(
  options: SimulateResourceOptions,
): Promise<SimulatedResource> {
  const { definitions, operation, metadata = { name: 'workload' } } = options;
  const environment: EnvironmentKind = {
    name: 'development',
    type: 'development',
    target: { type: 'simulate' },
    ...options.environment,
  };
  const identity = identityOf(options.resource);
  const { type, id } = options.resource;
  const match = matchProvider({
    resource: { type, class: identity.class, id },
    environment,
    providers: definitions.providers,
  });
  if (match.kind !== 'match') {
    throw new Error(
      match.kind === 'tie'
        ? `Several providers offer "${type}": ${match.matches.map(({ provider }) => provider.name).join(', ')}.`
        : `No provider offers "${type}" of the class "${identity.class}" in the environment "${environment.name}".`,
    );
  }
  const { provider, resourceType } = match;
  const params = withParameterDefaults(
    resourceType.parameters,
    options.params ?? {},
  );
  const scope = {
    params,
    resource: identity,
    metadata,
    environment: { ...environment, target: environment.target.type },
  };
  const run = await carryOut(options, {
    ...scope,
    work: resourceType.operations[operation],
    recorded:
      operation === 'read'
        ? {
            outputs: options.outputs ?? recordedOutputs(resourceType),
            age: options.age ?? 0,
          }
        : {},
  });
  const gives = operation !== 'delete' && run.status === 'succeeded';
  const missing = gives
    ? resourceType.outputs.filter(
        ({ name }) => (run.outputs[name] ?? null) === null,
      )
    : [];
  const filled = { ...scope, outputs: run.outputs };
  return {
    status: missing.length > 0 ? 'failed' : run.status,
    provider: { name: provider.name, version: provider.version },
    outputs: run.outputs,
    hints: gives
      ? resourceType.hints.map(hint => ({
          ...hint,
          value: textOf(fillProviderTemplate(hint.value, filled)),
        }))
      : [],
    manifests: gives
      ? (fillProviderTemplate(
          resourceType.manifests,
          filled,
        ) as JsonValue as JsonObject[])
      : [],
    steps: run.steps,
    failure:
      missing.length > 0
        ? `The outputs ${missing.map(({ name }) => `"${name}"`).join(', ')} of "${type}" are missing.`
        : failureOf(run),
  };
}

async function carryOut(
  options: SimulateResourceOptions,
  scope: {
    params: JsonObject;
    resource: ResourceIdentity;
    metadata: JsonObject;
    environment: { name: string; type: string; target: string };
    work: { workflow?: string; values?: JsonObject };
    /** What only `read` gets. */
    recorded: JsonObject;
  },
): Promise<Pick<SimulatedRun, 'status' | 'outputs' | 'failure' | 'steps'>> {
  const { work, params, resource, metadata, environment, recorded } = scope;
  if (work.workflow === undefined) {
    const outputs = fillProviderTemplate(work.values ?? {}, {
      params,
      resource,
      metadata,
      environment,
      outputs: {},
    });
    return { status: 'succeeded', outputs: outputs as JsonObject, steps: [] };
  }
  const workflow = options.definitions.workflows.find(
    ({ name }) => name === work.workflow,
  );
  if (!workflow) {
    throw new Error(
      `The workflow "${work.workflow}" of the operation "${options.operation}" is not among the definitions.`,
    );
  }
  return simulateWorkflow({
    definition: workflow.definition,
    parameters: { ...params, ...recorded, resource },
    metadata,
    environment,
    steps: options.steps,
    execute: options.execute,
  });
}

/** As if the resource had been made before. */
function recordedOutputs({ outputs }: ProviderResourceType): JsonObject {
  return Object.fromEntries(
    outputs.map(({ name }) => [name, `recorded-${name}`]),
  );
}

function failureOf({
  failure,
}: Pick<SimulatedRun, 'failure'>): string | undefined {
  return (
    failure &&
    `${failure.step ? `The step "${failure.step}" failed: ` : ''}${failure.error.message}`
  );
}

function identityOf(
  resource: SimulateResourceOptions['resource'],
): ResourceIdentity {
  const {
    type,
    class: resourceClass = 'default',
    id = '',
    name = 'it',
  } = resource;
  const uid = `${type}.${resourceClass}#${id || `workload.${name}`}`;
  return {
    name,
    type,
    class: resourceClass,
    id,
    uid,
    slug: `${type}-${name}`.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    guid: '00000000-0000-4000-8000-000000000000',
  };
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
