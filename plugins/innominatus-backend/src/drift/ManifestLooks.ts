import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LoggerService } from '@backstage/backend-plugin-api';
import {
  Environment,
  InterpolationError,
  ManifestDrift,
  RunState,
  StepDefinition,
  diffManifests,
  interpolateStep,
  unifiedDiff,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  InspectContext,
  InspectedManifest,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { ApplicationRecord } from '../applications/types';
import { DefinitionRegistry } from '../definitions';
import { DeploymentStore } from '../deployments/types';
import { Redactor } from '../engine/Redactor';
import { RunSecrets } from '../engine/RunSecrets';
import { readStepConfig } from '../engine/stepConfig';
import { environmentInput } from '../environments/environmentInput';
import { environmentOf } from '../environments/environmentOf';
import { SecretStore } from '../secrets/types';
import { StepTypeRegistry } from '../stepTypes';
import { LOOK_TIMEOUT_MS } from './ResourceLooks';
import { ManifestLook } from './types';

/** More is not kept; so many do not drift without all of them drifting. */
const MOST_OBJECTS = 100;
const LONGEST_TEXT = 64 * 1024;

export interface ManifestLooksOptions {
  registry: DefinitionRegistry;
  stepTypes: Pick<StepTypeRegistry, 'get'>;
  deployments: Pick<DeploymentStore, 'lastSucceeded'>;
  /** What happened in a run that ended. */
  runState: (runId: string) => Promise<RunState | undefined>;
  readArtifact: (runId: string, name: string) => Promise<string | undefined>;
  secrets: SecretStore;
  logger: LoggerService;
}

/**
 * Has the step types that delivered the manifests of an application look at
 * what became of them.
 */
export class ManifestLooks {
  readonly #options: ManifestLooksOptions;

  static create(options: ManifestLooksOptions): ManifestLooks {
    return new ManifestLooks(options);
  }

  private constructor(options: ManifestLooksOptions) {
    this.#options = options;
  }

  /** Nothing when no step delivered manifests that can be looked at. */
  async look(
    application: ApplicationRecord,
    signal: AbortSignal,
  ): Promise<ManifestLook | undefined> {
    const { registry, deployments, runState } = this.#options;
    const environment = await environmentOf(registry, application);
    const last = await deployments.lastSucceeded(application.id);
    if (!environment || !last) {
      return undefined;
    }
    const state = await runState(last.runId);
    if (!state) {
      return {
        status: 'unknown',
        message: `The run of deployment ${last.number} is not kept any more, and it knows what was delivered. Deploy again.`,
        objects: [],
      };
    }
    const over = AbortSignal.any([
      signal,
      AbortSignal.timeout(LOOK_TIMEOUT_MS),
    ]);
    try {
      return await this.#lookAt({
        application,
        environment,
        state,
        runId: last.runId,
        signal: over,
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof StepFailure || error instanceof InterpolationError) {
        return { status: 'unknown', message: error.message, objects: [] };
      }
      if (over.aborted) {
        return {
          status: 'unknown',
          message: `The look was not over within ${LOOK_TIMEOUT_MS / 60_000} minutes.`,
          objects: [],
        };
      }
      throw error;
    }
  }

  async #lookAt(options: {
    application: ApplicationRecord;
    environment: Environment;
    state: RunState;
    runId: string;
    signal: AbortSignal;
  }): Promise<ManifestLook | undefined> {
    const { state } = options;
    const inspected: InspectedManifest[] = [];
    let anybody = false;
    for (const step of state.definition.steps) {
      if (state.steps[step.name]?.status === 'succeeded') {
        const found = await this.#inspect(step, options);
        anybody ||= found !== undefined;
        inspected.push(...(found ?? []));
      }
    }
    if (!anybody) {
      return undefined;
    }
    const objects = inspected.slice(0, MOST_OBJECTS).map(toManifestDrift);
    return { status: worstOf(objects), objects };
  }

  async #inspect(
    step: StepDefinition,
    options: {
      application: ApplicationRecord;
      environment: Environment;
      state: RunState;
      runId: string;
      signal: AbortSignal;
    },
  ): Promise<InspectedManifest[] | undefined> {
    const { readArtifact, logger } = this.#options;
    const { application, environment, runId, signal } = options;
    const stepType = this.#options.stepTypes.get(step.type);
    if (!stepType?.inspect) {
      return undefined;
    }
    const secrets = RunSecrets.create(this.#options.secrets, Redactor.create());
    let workspace: string | undefined;
    const context: InspectContext<any> = {
      config: readStepConfig(
        stepType,
        interpolateStep(options.state, step).config,
      ),
      application: {
        environment: application.environment,
        name: application.name,
      },
      environment: environmentInput(environment),
      artifacts: { read: name => readArtifact(runId, name) },
      workspace: async () => {
        workspace ??= await mkdtemp(path.join(tmpdir(), 'innominatus-look-'));
        return workspace;
      },
      resolveSecrets: value => secrets.resolve(value),
      signal,
      logger,
    };
    try {
      return await stepType.inspect(context);
    } finally {
      if (workspace !== undefined) {
        await rm(workspace, { recursive: true, force: true });
      }
    }
  }
}

function toManifestDrift({
  recorded,
  found,
}: InspectedManifest): ManifestDrift {
  const [{ action, before = '', after = '', ...rest }] = diffManifests(
    [recorded],
    found ? [found] : [],
  );
  return {
    ...rest,
    namespace: recorded.metadata.namespace,
    status: found ? 'drifted' : 'missing',
    before: shorten(before),
    ...(found ? { after: shorten(after) } : {}),
    diff: shorten(unifiedDiff(before, after)),
  };
}

function shorten(text: string): string {
  return text.length > LONGEST_TEXT
    ? `${text.slice(0, LONGEST_TEXT)}\n(shortened)\n`
    : text;
}

function worstOf(objects: ManifestDrift[]): ManifestLook['status'] {
  if (objects.length === 0) {
    return 'none';
  }
  return objects.some(object => object.status === 'missing')
    ? 'missing'
    : 'drifted';
}
