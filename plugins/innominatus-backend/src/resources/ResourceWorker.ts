import {
  Environment,
  JsonObject,
  JsonValue,
  LoadedWorkflow,
  ProviderResourceType,
  ResourceIdentity,
  ResourceOperation,
  fillProviderTemplate,
  validateCall,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  StepContext,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { derivedId } from '../database';
import { DefinitionRegistry } from '../definitions';
import { environmentInput } from '../environments/environmentInput';
import { RunService } from '../runs/types';
import { runNested } from '../stepTypes';

const NESTED_RUN_SUFFIX = 'resource';

/** One operation of a provider on a resource. */
export interface ResourceJob {
  operation: Exclude<ResourceOperation, 'read'>;
  resourceType: ProviderResourceType;
  identity: ResourceIdentity;
  /** Placeholders filled; secrets as markers. */
  params: JsonObject;
  metadata: JsonObject;
  environment: Environment;
  context: StepContext<unknown>;
}

/** Carries out operations of providers, most of them as a run of their own. */
export class ResourceWorker {
  readonly #runs: RunService;
  readonly #registry: DefinitionRegistry;

  static create(options: {
    runs: RunService;
    registry: DefinitionRegistry;
  }): ResourceWorker {
    return new ResourceWorker(options);
  }

  private constructor(options: {
    runs: RunService;
    registry: DefinitionRegistry;
  }) {
    this.#runs = options.runs;
    this.#registry = options.registry;
  }

  /**
   * Id of the run that works for an attempt of a step. Always the same for the
   * attempt, so that after a crash we find that run instead of starting a
   * second one.
   */
  runIdOf(context: Pick<StepContext<unknown>, 'idempotencyKey'>): string {
    return derivedId(`${context.idempotencyKey}/${NESTED_RUN_SUFFIX}`);
  }

  /** Answers the outputs; throws `StepFailure` when the work failed. */
  async carryOut(job: ResourceJob): Promise<Record<string, JsonValue>> {
    const { workflow, values } = job.resourceType.operations[job.operation];
    if (workflow !== undefined) {
      return this.#runWorkflow(workflow, job);
    }
    const environment = environmentInput(job.environment);
    const { params, metadata, identity } = job;
    return fillProviderTemplate(values ?? {}, {
      params,
      metadata,
      environment,
      resource: identity,
      outputs: {},
    }) as JsonObject;
  }

  async #runWorkflow(
    name: string,
    job: ResourceJob,
  ): Promise<Record<string, JsonValue>> {
    const { context, identity } = job;
    const workflow = this.#registry.workflow(name);
    if (!workflow) {
      throw new StepFailure(
        `The workflow "${name}" that provides "${identity.type}" is not there any more.`,
        { code: 'WORKFLOW_MISSING' },
      );
    }
    const run = await runNested(context, {
      runs: this.#runs,
      definition: workflow.definition,
      title: `${job.operation} ${identity.name} (${identity.type})`,
      parameters: { ...withDefaults(workflow, job.params), resource: identity },
      metadata: job.metadata,
      suffix: NESTED_RUN_SUFFIX,
    });
    return run.outputs;
  }
}

/** Checks what the workflow declares and fills in its defaults. */
function withDefaults(
  workflow: LoadedWorkflow,
  params: JsonObject,
): Record<string, JsonValue> {
  const { values, issues } = validateCall(workflow.parameters, params, {
    unknown: 'pass',
  });
  if (issues.length > 0) {
    throw new StepFailure(issues.map(issue => issue.message).join('; '), {
      code: 'PARAMS_INVALID',
    });
  }
  return values;
}
