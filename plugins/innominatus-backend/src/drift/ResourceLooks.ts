import {
  Environment,
  ProviderResourceType,
  Run,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { newId } from '../database';
import { DefinitionRegistry } from '../definitions';
import { Redactor } from '../engine/Redactor';
import { RunSecrets } from '../engine/RunSecrets';
import { environmentOf } from '../environments/environmentOf';
import { makerOf } from '../resources/providerOf';
import { ResourceReader } from '../resources/ResourceReader';
import { ResourceRecord } from '../resources/types';
import { SecretStore } from '../secrets/types';
import { FoundResource, compareResource, toFound } from './compareResource';
import { ResourceLook } from './types';

/** Longer than that nobody waits for an answer. */
export const LOOK_TIMEOUT_MS = 10 * 60_000;

/** A step of the operation `read` that fails with it says that nothing is there. */
const GONE_CODE = 'RESOURCE_GONE';

/** How to look at a resource. */
export interface ResourceLookout {
  resourceType: ProviderResourceType;
  workflow: string;
  environment: Environment;
}

export interface ResourceLooksOptions {
  registry: DefinitionRegistry;
  reader: ResourceReader;
  secrets: SecretStore;
}

/** Has providers look at their resources and compares what they see. */
export class ResourceLooks {
  readonly #options: ResourceLooksOptions;

  static create(options: ResourceLooksOptions): ResourceLooks {
    return new ResourceLooks(options);
  }

  private constructor(options: ResourceLooksOptions) {
    this.#options = options;
  }

  /** Nothing when the provider of the resource cannot look. */
  async find(record: ResourceRecord): Promise<ResourceLookout | undefined> {
    const { registry } = this.#options;
    const environment = await environmentOf(registry, {
      environment: record.environment,
      name: record.workload,
    });
    if (!environment) {
      return undefined;
    }
    try {
      const { resourceType } = makerOf(record, {
        environment,
        providers: registry.providers(),
      });
      const { workflow } = resourceType.operations.read;
      return workflow === undefined
        ? undefined
        : { resourceType, workflow, environment };
    } catch (error) {
      if (error instanceof StepFailure) {
        return undefined;
      }
      throw error;
    }
  }

  /** Answers what there is beside how it differs, for who accepts it. */
  async look(
    record: ResourceRecord,
    lookout: ResourceLookout,
    signal: AbortSignal,
  ): Promise<{ look: ResourceLook; found?: FoundResource }> {
    const { resourceType } = lookout;
    try {
      const run = await this.#options.reader.read({
        record,
        workflow: lookout.workflow,
        environment: lookout.environment,
        runId: newId(),
        title: `Drift of ${record.name} (${record.type})`,
        purpose: 'drift',
        timeoutMs: LOOK_TIMEOUT_MS,
        signal,
      });
      if (run.status !== 'succeeded') {
        return { look: toFailedLook(run) };
      }
      const found = toFound(run.outputs, { record, resourceType });
      if (!found.exists) {
        return { look: { status: 'missing', changes: [], runId: run.id } };
      }
      const secrets = RunSecrets.create(
        this.#options.secrets,
        Redactor.create(),
      );
      const changes = await compareResource({
        record,
        resourceType,
        found,
        resolveSecrets: value => secrets.resolve(value),
      });
      return {
        found,
        look: {
          status: changes.length > 0 ? 'drifted' : 'none',
          changes,
          runId: run.id,
        },
      };
    } catch (error) {
      if (error instanceof StepFailure) {
        return {
          look: { status: 'unknown', message: error.message, changes: [] },
        };
      }
      if (signal.aborted) {
        throw error;
      }
      if (error instanceof Error && error.name === 'TimeoutError') {
        return {
          look: {
            status: 'unknown',
            message: `The look was not over within ${LOOK_TIMEOUT_MS / 60_000} minutes.`,
            changes: [],
          },
        };
      }
      throw error;
    }
  }
}

function toFailedLook(run: Run): ResourceLook {
  const { error } = run.failure ?? {};
  return {
    status: error?.code === GONE_CODE ? 'missing' : 'unknown',
    message: error?.message ?? `Run ${run.number} did not succeed.`,
    changes: [],
    runId: run.id,
  };
}
