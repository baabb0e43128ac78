import {
  Definitions,
  Diagnostic,
  JsonObject,
  ResourceIdentity,
  ResourceOperation,
  SimulateResourceOptions,
  SimulatedResource,
  simulateResource,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  ProviderContext,
  ProviderImplementation,
  ResourceTypeImplementation,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { executeStep } from './executeStep';
import {
  TestDefinitionsOptions,
  readTestDefinitions,
} from './readTestDefinitions';
import { testContext } from './testContext';

/** @public */
export interface ProviderTesterOptions extends TestDefinitionsOptions {
  /** Step types to carry out for real; all others are simulated. */
  stepTypes?: StepType[];
}

/** @public */
export type TestOperationOptions = Omit<
  SimulateResourceOptions,
  'definitions' | 'execute'
>;

/**
 * Runs the operations of a provider in a unit test: with the engine, the
 * references and conditions of innominatus, and with nothing behind the steps
 * but what the test says.
 *
 * @public
 */
export class ProviderTester {
  readonly #definitions: Definitions;
  readonly #stepTypes: Map<string, StepType>;
  /** Everything that is wrong with the files; empty when they are good. */
  readonly diagnostics: Diagnostic[];

  static create(options: ProviderTesterOptions): ProviderTester {
    return new ProviderTester(options);
  }

  private constructor(options: ProviderTesterOptions) {
    const { stepTypes = [] } = options;
    const { definitions, diagnostics } = readTestDefinitions(options);
    this.diagnostics = diagnostics;
    this.#definitions = definitions;
    this.#stepTypes = new Map(stepTypes.map(type => [type.name, type]));
  }

  async run(options: TestOperationOptions): Promise<SimulatedResource> {
    return simulateResource({
      ...options,
      definitions: this.#definitions,
      execute: attempt => executeStep(this.#stepTypes, attempt),
    });
  }
}

/**
 * Calls an operation of a provider in code as innominatus does. Answers its
 * outputs.
 *
 * @public
 */
export async function callProvider(
  provider: ProviderImplementation,
  options: {
    type: string;
    operation: ResourceOperation;
    params?: JsonObject;
    resource?: Partial<ResourceIdentity>;
    /** More of the context, for example a `runner`. */
    context?: Partial<ProviderContext>;
  },
): Promise<JsonObject> {
  const { type, operation, params = {} } = options;
  const resourceType = provider.resourceTypes.find(
    item => item.type === type || item.aliases?.includes(type),
  );
  const work = resourceType && workOf(resourceType, operation);
  if (!work) {
    throw new Error(
      `The provider "${provider.name}" has no operation "${operation}" for the resource type "${type}".`,
    );
  }
  const outputs = await work({
    ...testContext({ step: { name: operation }, attempt: 1 }),
    env: {},
    params,
    resource: {
      name: 'it',
      type,
      class: 'default',
      id: '',
      uid: `${type}.default#workload.it`,
      slug: `${type}-it`,
      guid: '00000000-0000-4000-8000-000000000000',
      ...options.resource,
    },
    ...options.context,
  });
  return (outputs ?? {}) as JsonObject;
}

function workOf(
  resourceType: ResourceTypeImplementation,
  operation: ResourceOperation,
) {
  return operation === 'update'
    ? (resourceType.update ?? resourceType.create)
    : resourceType[operation];
}
