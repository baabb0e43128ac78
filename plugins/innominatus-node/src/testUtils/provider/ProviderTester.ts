import { LoggerService } from '@backstage/backend-plugin-api';
import {
  Definitions,
  Diagnostic,
  JsonObject,
  ResourceIdentity,
  ResourceOperation,
  SimulateResourceOptions,
  SimulatedAnswer,
  SimulatedAttempt,
  SimulatedResource,
  readDefinitions,
  simulateResource,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  ProviderContext,
  ProviderImplementation,
  ResourceTypeImplementation,
  StepContext,
  StepType,
} from '@innominatus/backstage-plugin-innominatus-node';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @public */
export interface ProviderTesterOptions {
  /** Files and folders with definitions, all the way down. */
  paths?: string[];
  /** Definitions as text, by the names of their files. */
  files?: Record<string, string>;
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
    const { paths = [], files = {}, stepTypes = [] } = options;
    const all = [
      ...paths.flatMap(readPath),
      ...Object.entries(files).map(([name, text]) => ({ name, text })),
    ];
    const results = all.map(({ name, text }) =>
      readDefinitions(text, { file: name }),
    );
    this.diagnostics = results.flatMap(({ diagnostics }) => diagnostics);
    this.#definitions = {
      environments: results.flatMap(item => item.definitions.environments),
      providers: results.flatMap(item => item.definitions.providers),
      goldenPaths: results.flatMap(item => item.definitions.goldenPaths),
      workflows: results.flatMap(item => item.definitions.workflows),
      policies: results.flatMap(item => item.definitions.policies),
    };
    this.#stepTypes = new Map(stepTypes.map(type => [type.name, type]));
  }

  async run(options: TestOperationOptions): Promise<SimulatedResource> {
    return simulateResource({
      ...options,
      definitions: this.#definitions,
      execute: attempt => this.#execute(attempt),
    });
  }

  async #execute(
    attempt: SimulatedAttempt,
  ): Promise<SimulatedAnswer | undefined> {
    const stepType = this.#stepTypes.get(attempt.step.type);
    if (!stepType) {
      return undefined;
    }
    const result = await stepType.run({
      ...testContext(attempt),
      config: stepType.schema.parse(attempt.config),
      parameters: attempt.parameters,
      env: attempt.env,
    });
    return { outputs: result?.outputs };
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

function testContext(attempt: {
  step: { name: string };
  attempt: number;
}): Omit<StepContext<any>, 'config' | 'parameters' | 'env'> {
  const { step, attempt: number } = attempt;
  const artifacts = new Map<string, string>();
  const silent = () => {};
  const logger: LoggerService = {
    debug: silent,
    info: silent,
    warn: silent,
    error: silent,
    child: () => logger,
  };
  const absent = (what: string) => async () => {
    throw new Error(`This test has no ${what}. Give one in "context".`);
  };
  return {
    run: {
      id: 'test',
      number: 1,
      initiator: 'user:default/test',
      workflow: 'test',
    },
    step: { name: step.name, attempt: number },
    log: { info: silent, warn: silent, error: silent },
    logger,
    signal: new AbortController().signal,
    idempotencyKey: `test/${step.name}/${number}`,
    fencingToken: 1,
    resumed: false,
    workspace: absent('workspace'),
    artifacts: {
      read: async name => artifacts.get(name),
      write: async (name, content) => {
        artifacts.set(name, content);
      },
    },
    runner: { run: absent('runner'), attach: absent('runner') },
    resolveSecrets: async value => value,
    resolveSecretText: async text => text,
    redact: silent,
  };
}

function readPath(path: string): Array<{ name: string; text: string }> {
  if (!statSync(path).isDirectory()) {
    return [{ name: path, text: readFileSync(path, 'utf8') }];
  }
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const child = join(path, entry.name);
      return entry.isDirectory() || /\.ya?ml$/.test(entry.name)
        ? readPath(child)
        : [];
    });
}
