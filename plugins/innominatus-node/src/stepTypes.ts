import {
  JsonObject,
  JsonValue,
  InterruptAction,
  KubernetesObject,
  SecretReference,
  StepApproval,
  UndoneStep,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  createExtensionPoint,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { z } from 'zod';
import { BoundStepRunner } from './stepRunner';

/**
 * What a step hands back.
 *
 * @public
 */
export interface StepResult {
  /** Outputs of the step, at most 64 KB as JSON; larger things are artifacts. */
  outputs?: Record<string, JsonValue>;
  /** Names of outputs that are secret: stored encrypted, handed on as references. */
  sensitive?: string[];
  /** Outputs of resources by resource name, for `${resources.R.K}`. */
  resources?: Record<string, Record<string, JsonValue>>;
}

/**
 * Text that belongs to a run and is too large for an output: rendered
 * manifests, plans, reports. Stored with the run, readable by later steps.
 *
 * @public
 */
export interface RunArtifacts {
  /** Stores or replaces the artifact. At most 5 MiB. */
  write(name: string, content: string): Promise<void>;
  /** Answers `undefined` when no step has written it. */
  read(name: string): Promise<string | undefined>;
}

/**
 * Everything a step may use.
 *
 * @public
 */
export interface StepContext<TConfig = JsonObject> {
  /** Validated and interpolated configuration. */
  config: TConfig;
  run: { id: string; number: number; initiator: string; workflow: string };
  step: { name: string; attempt: number };
  /** Who approved the step, when it waited for that. */
  approval?: StepApproval;
  /** Application the run belongs to, `environment/workload`. */
  application?: { environment: string; name: string };
  /** Environment as the platform team described it. */
  environment?: { name: string; type: string; [key: string]: JsonValue };
  parameters: Record<string, JsonValue>;
  /** Values of `env`, interpolated. */
  env: Record<string, string>;
  /** Lines written here become the log of the attempt, redacted. */
  log: {
    info(line: string): void;
    warn(line: string): void;
    error(line: string): void;
  };
  /** For the operator of the backend, not for the reader of the run. */
  logger: LoggerService;
  /** Aborts when the run is cancelled, the time is over, or the lease is lost. */
  signal: AbortSignal;
  /** `run/step/attempt`; the same after an interruption. */
  idempotencyKey: string;
  /** Grows with every owner of the run; lets a target refuse a stale worker. */
  fencingToken: number;
  /** The attempt was begun by a worker that died; carry on where it stopped. */
  resumed: boolean;
  /** Empty directory of this run on this machine; not shared, may vanish. */
  workspace(): Promise<string>;
  artifacts: RunArtifacts;
  /** Runs programs that the platform team allows. */
  runner: BoundStepRunner;
  /**
   * Stores a secret with the run, encrypted, and answers a reference to it that
   * `resolveSecrets` exchanges, in the undo of the step as well. At most 64 KiB;
   * the same name replaces it.
   */
  keepSecret(name: string, value: string): Promise<SecretReference>;
  /**
   * Replaces every secret reference inside a value by the secret, and makes
   * sure that the secret never shows in the log.
   */
  resolveSecrets<T extends JsonValue>(value: T): Promise<T>;
  /**
   * Replaces the marked references inside a text, for example a rendered
   * manifest.
   */
  resolveSecretText(text: string): Promise<string>;
  /** Registers a value that must not show in the log. */
  redact(value: string): void;
}

/**
 * What the undo of a step may use. `config` and `env` are those that the step
 * ran with; `run`, `step`, `idempotencyKey` and the rest are those of the undo.
 *
 * @public
 */
export interface UndoContext<
  TConfig = JsonObject,
> extends StepContext<TConfig> {
  /** The step whose work is taken back. */
  undone: UndoneStep;
}

/**
 * What a look before an undo may use. It is about a step that can be undone.
 *
 * @public
 */
export interface UndoLookContext<TConfig = JsonObject> extends Pick<
  UndoContext<TConfig>,
  'application' | 'config' | 'environment' | 'signal' | 'undone'
> {
  step: { name: string };
  /** What the run of the step stored. */
  artifacts: Pick<RunArtifacts, 'read'>;
  /** Empty directory of this look, which goes away after it. */
  workspace(): Promise<string>;
  /** Replaces every secret reference inside a value by the secret. */
  resolveSecrets<T extends JsonValue>(value: T): Promise<T>;
  logger: LoggerService;
}

/**
 * What looking at delivered manifests may use. `config` is what the step had
 * that delivered them.
 *
 * @public
 */
export interface InspectContext<TConfig = JsonObject> {
  config: TConfig;
  application: { environment: string; name: string };
  environment: { name: string; type: string; [key: string]: JsonValue };
  /** What the run of the step stored, rendered manifests among it. */
  artifacts: Pick<RunArtifacts, 'read'>;
  /** Empty directory of this look, which goes away after it. */
  workspace(): Promise<string>;
  /** Replaces every secret reference inside a value by the secret. */
  resolveSecrets<T extends JsonValue>(value: T): Promise<T>;
  signal: AbortSignal;
  logger: LoggerService;
}

/**
 * A manifest that is not there as it is recorded.
 *
 * @public
 */
export interface InspectedManifest {
  /** Only what can be compared; the values of secrets are left out. */
  recorded: KubernetesObject;
  /** Nothing when it is gone. */
  found?: KubernetesObject;
}

/**
 * A kind of step.
 *
 * @public
 */
export interface StepType<TSchema extends z.ZodType = z.ZodType> {
  /** The word in `type:`, for example `kubernetes`. */
  name: string;
  description: string;
  /** Checks `config` when a workflow is loaded (templates allowed) and before a step starts. */
  schema: TSchema;
  /** Whether the step touches systems outside of innominatus. */
  effects: 'none' | 'external';
  /** What happens to a step that ran while its worker died. */
  onInterrupt: InterruptAction;
  /** Default 30 minutes. */
  defaultTimeoutMs?: number;
  run(context: StepContext<z.output<TSchema>>): Promise<StepResult | void>;
  /**
   * Takes back what `run` did, also when it failed in the middle. Without it
   * steps of this type are never undone.
   *
   * @remarks
   * Called by the undo of a run, which is a run of its own: with attempts, a
   * log and retries. It may be called again after an interruption or failure
   * and has to end in the same state then. Take back only what the step itself
   * brought about: `context.undone` has its outputs and idempotency keys, and
   * `context.artifacts` what it wrote there.
   */
  undo?(context: UndoContext<z.output<TSchema>>): Promise<StepResult | void>;
  /**
   * Compares manifests that a step with this config delivered with what is
   * there now, and answers those that differ. Changes nothing. Answers nothing
   * when a step with this config delivers none.
   */
  inspect?(
    context: InspectContext<z.output<TSchema>>,
  ): Promise<InspectedManifest[] | undefined>;
  /**
   * Says for the preview what the undo would not take back as things are now,
   * one sentence each. Changes nothing, and has a few seconds.
   */
  undoWarnings?(context: UndoLookContext<z.output<TSchema>>): Promise<string[]>;
  /** Why a step with this config cannot be undone, in one sentence. */
  undoObstacle?(config: z.output<TSchema>): string | undefined;
}

/**
 * Keeps the type of the schema while the step type is declared.
 *
 * @public
 */
export function createStepType<TSchema extends z.ZodType>(
  stepType: StepType<TSchema>,
): StepType<TSchema> {
  return stepType;
}

/**
 * Where modules bring in step types.
 *
 * @public
 */
export interface InnominatusStepTypesExtensionPoint {
  addStepType(...stepTypes: StepType<any>[]): void;
}

/** @public */
export const innominatusStepTypesExtensionPoint =
  createExtensionPoint<InnominatusStepTypesExtensionPoint>({
    id: 'innominatus.stepTypes',
  });
