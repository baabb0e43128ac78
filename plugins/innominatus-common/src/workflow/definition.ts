import { JsonObject, JsonValue } from '../json';
import { ApprovalPolicy } from './approval/types';

/**
 * When a step may start, seen from the steps before it.
 *
 * @public
 */
export type StepWhen = 'on_success' | 'always' | 'on_failure' | 'manual';

/**
 * How often and how fast a failed step is tried again.
 *
 * @public
 */
export interface RetryPolicy {
  /** Tries in total, the first one included. Default 1 (no retry). */
  attempts: number;
  backoff: {
    /** Milliseconds before the second try. Default 1000. */
    initialMs: number;
    /** Factor between two delays. Default 2. */
    factor: number;
    /** Longest delay in milliseconds. Default 60000. */
    maxMs: number;
    /** Share of the delay, 0 to 1, that is spread by the attempt's key. Default 0.2. */
    jitter: number;
  };
  /** Error codes that are retried. Without it only errors marked transient are. */
  on?: string[];
}

/**
 * What a step is run once for each of.
 *
 * @public
 */
export interface ForEachDefinition {
  /** A list, a map, or a text that is exactly one reference to either. */
  items: JsonValue;
  /** More items than this fail the step. */
  maxItems: number;
  /** Items in progress at the same time. Without it there is no limit of its own. */
  maxParallel?: number;
}

/**
 * The item that a step made by `forEach` is for.
 *
 * @public
 */
export interface StepItem {
  /** Name of the step that says `forEach`. */
  parent: string;
  /** Zero-based. */
  index: number;
  /** Only for the entries of a map. */
  key?: string;
  value: JsonValue;
}

/**
 * Settings of a step with references. They get their values when a run begins,
 * so they can name what is known then: parameters, variables, the environment.
 *
 * @public
 */
export interface StepSettings {
  /** Text of `timeout`. */
  timeout?: string;
  /** Longest timeout that is allowed, in milliseconds. */
  maxTimeoutMs?: number;
  /** Text of `retry`, or of `attempts` in it. */
  attempts?: string;
  /** Why they have no value; the step fails with it instead of starting. */
  problem?: string;
}

/**
 * One step of a compiled workflow: names resolved, defaults filled, nothing
 * interpolated yet.
 *
 * @public
 */
export interface StepDefinition {
  name: string;
  /** Registered step type, for example `kubernetes`. */
  type: string;
  title?: string;
  /** Zero-based stage in which the step can start at the earliest; for display. */
  stage: number;
  /** Names of the steps that must have ended before this one starts. */
  dependsOn: string[];
  when: StepWhen;
  /** For steps of `when: manual` and of type `approval`: who has to say yes. */
  approval?: ApprovalPolicy;
  if?: string;
  unless?: string;
  env: Record<string, string>;
  config: JsonObject;
  setVariables: Record<string, string>;
  /** File in the workspace that is read for outputs after the step succeeded. */
  outputFile?: string;
  timeoutMs: number;
  retry: RetryPolicy;
  /** Until the run begins; {@link settleSteps} fills them in. */
  settings?: StepSettings;
  /** Names of outputs the author announced; for display. */
  outputs?: string[];
  /** Part of `finally`: starts when all other steps have ended, also after a cancel. */
  finally?: boolean;
  /** The step stands for one step for each item; it does nothing itself. */
  forEach?: ForEachDefinition;
  /** Names of the steps of the items, once they are known. */
  children?: string[];
  /** Keys of the items when they are the entries of a map. */
  childKeys?: string[];
  /** Set in the step of an item. */
  item?: StepItem;
  /** Only in the undo of a run: takes back what a step has done. */
  undo?: UndoneStep;
}

/**
 * What the undo of a step has to know about the step. The `config` and `env`
 * beside it are those that the step ran with; nothing in them is replaced.
 *
 * @public
 */
export interface UndoneStep {
  run: { id: string; number: number };
  status: 'succeeded' | 'failed' | 'cancelled';
  /** Idempotency keys of its attempts, the first one first. */
  keys: string[];
  /** Empty unless it succeeded. */
  outputs: Record<string, JsonValue>;
}

/**
 * A workflow ready to run. It is stored with the run, so that a run never
 * sees a newer file.
 *
 * @public
 */
export interface WorkflowDefinition {
  name: string;
  version?: string;
  variables: Record<string, JsonValue>;
  /**
   * What optional parameters without a default mean in a text when they are
   * not given: nothing, or an empty list. Conditions see that they are not set.
   */
  optional?: Record<string, '' | never[]>;
  steps: StepDefinition[];
  /** Output name to template, interpolated when the run ended well. */
  outputs: Record<string, string>;
  /** Time spent waiting for a person does not count. */
  timeoutMs: number;
  /** Steps that may run at the same time. Without it there is no limit inside a run. */
  maxParallel?: number;
  /** -100 to 100, higher is earlier. Default 0. */
  priority?: number;
  /** Runs of the same group that may be in progress at the same time. */
  concurrency?: WorkflowConcurrency;
  /** What happens by itself after a run that failed. */
  onFailure?: 'undo';
}

/**
 * A lock (limit 1) or a limit that runs share.
 *
 * @public
 */
export interface WorkflowConcurrency {
  /** Name of the group, with references; filled when a run is started. */
  group: string;
  limit: number;
}

/**
 * What a retried run takes over from the run before it.
 *
 * @public
 */
export interface CarriedSteps {
  /** What the steps left behind that are not run again, each after those it depends on. */
  steps: Record<string, StepYield>;
}

/**
 * What a step leaves behind for those after it.
 *
 * @public
 */
export interface StepYield {
  outputs: Record<string, JsonValue>;
  /** Interpolated `setVariables`. */
  variables?: Record<string, JsonValue>;
  /** Outputs of resources by the name of the resource. */
  resources?: Record<string, Record<string, JsonValue>>;
}

/**
 * What a run is started with. Everything in it is plain data; secrets are
 * references.
 *
 * @public
 */
export interface RunInput {
  parameters: Record<string, JsonValue>;
  /** Score metadata of the workload, reachable as `${metadata.K}`. */
  metadata: JsonObject;
  environment?: { name: string; type: string; [key: string]: JsonValue };
  app?: { name: string };
  run: { id: string; number: number };
  /** Entity ref of the user, or the subject of the service, that started the run. */
  initiator?: string;
}
