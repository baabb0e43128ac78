import {
  Environment,
  JsonObject,
  JsonValue,
  Run,
  RunPurpose,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { DefinitionRegistry } from '../definitions';
import { referencesToMarkers } from '../engine/RunSecrets';
import { environmentInput } from '../environments/environmentInput';
import { RunService } from '../runs/types';
import { identityOf } from './providerOf';
import { ResourceRecord } from './types';

/** Who starts runs that only look. */
const READER = 'innominatus';

const LOOK_PRIORITY = -50;

export interface ReadResourceOptions {
  record: ResourceRecord;
  /** Name of the workflow that looks. */
  workflow: string;
  environment: Environment;
  /** The same id is the same look. */
  runId: string;
  title: string;
  /** Why it looks; without it somebody asked for the run. */
  purpose?: RunPurpose;
  /** More parameters, beside params, `resource`, `outputs` and `age`. */
  parameters?: JsonObject;
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Runs a workflow of a provider that looks at a resource without changing it:
 * for drift, health, and for work that another system does.
 */
export class ResourceReader {
  readonly #runs: RunService;
  readonly #registry: Pick<DefinitionRegistry, 'workflow'>;

  static create(options: {
    runs: RunService;
    registry: Pick<DefinitionRegistry, 'workflow'>;
  }): ResourceReader {
    return new ResourceReader(options);
  }

  private constructor(options: {
    runs: RunService;
    registry: Pick<DefinitionRegistry, 'workflow'>;
  }) {
    this.#runs = options.runs;
    this.#registry = options.registry;
  }

  /** Answers the run once it ended, however it did. */
  async read(options: ReadResourceOptions): Promise<Run> {
    const { record, environment, timeoutMs, signal } = options;
    const workflow = this.#registry.workflow(options.workflow);
    if (!workflow) {
      throw new StepFailure(
        `The workflow "${options.workflow}" is not there any more.`,
        { code: 'WORKFLOW_MISSING' },
      );
    }
    const defaults = workflow.parameters.flatMap(
      ({ name, default: value }): Array<[string, JsonValue]> =>
        value === undefined ? [] : [[name, value]],
    );
    const run = await this.#runs.start({
      runId: options.runId,
      definition: workflow.definition,
      title: options.title,
      parameters: {
        ...Object.fromEntries(defaults),
        ...(record.resolvedParams ?? record.params),
        ...options.parameters,
        resource: identityOf({ ...record, id: record.sharedId }, record),
        outputs: referencesToMarkers(record.outputs) as JsonObject,
        // Seconds since it was made or changed last.
        age: Math.max(0, Math.round((Date.now() - record.updatedAt) / 1000)),
      },
      environment: environmentInput(environment),
      application: {
        environment: record.environment,
        environmentType: record.environmentType,
        name: record.workload,
        owner: record.owner,
      },
      initiator: READER,
      ...(options.purpose
        ? {
            purpose: options.purpose,
            // What people wait for goes first, and is not counted against.
            team: READER,
            priority: LOOK_PRIORITY,
          }
        : {}),
    });
    const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const onOver = () => {
      // The run is left to the runtime; it only should not go on for nothing.
      this.#runs
        .cancel({ id: run.id, by: READER, reason: 'Its time is over' })
        .catch(() => {});
    };
    over.addEventListener('abort', onOver, { once: true });
    try {
      return await this.#runs.waitForEnd({ id: run.id, signal: over });
    } finally {
      over.removeEventListener('abort', onOver);
    }
  }
}
