import { JsonObject, JsonValue } from '../json';

/**
 * For whom a policy is made; also the order in which policies are asked.
 *
 * @public
 */
export const POLICY_TIERS = ['platform', 'product', 'application'] as const;

/** @public */
export type PolicyTier = (typeof POLICY_TIERS)[number];

/**
 * What a policy is asked about. Every list that is there has to match; without
 * `actions` it is asked about every deployment that is no removal. `run` stands
 * for golden paths that work on no workload.
 *
 * @public
 */
export interface PolicySelector {
  environments?: string[];
  environmentTypes?: string[];
  goldenPaths?: string[];
  actions?: string[];
  products?: string[];
  applications?: string[];
  /** Entity refs. */
  owners?: string[];
}

/**
 * A condition of one's own. It has to be true.
 *
 * @public
 */
export interface PolicyRule {
  name: string;
  /** CEL over `spec`, `plan`, `environment`, `params`, `application` and `user`. */
  expression: string;
  /** Shown when it is not true. */
  message: string;
  /** CEL that answers a text, in place of the message. */
  messageExpression?: string;
}

/**
 * When a required workflow runs: before the golden path, beside it, or after it.
 *
 * @public
 */
export const POLICY_PHASES = [
  'pre-deployment',
  'deployment',
  'post-deployment',
] as const;

/** @public */
export type PolicyPhase = (typeof POLICY_PHASES)[number];

/**
 * A workflow that has to run with every deployment.
 *
 * @public
 */
export interface RequiredWorkflow {
  name: string;
  /**
   * It runs there in any case. Without it the golden path may run it wherever
   * it likes; if it does not, the workflow runs in `pre-deployment`.
   */
  phase?: PolicyPhase;
  /** Values of its parameters; with references as in a step of the golden path. */
  parameters?: JsonObject;
}

/** @public */
export interface PolicyDefinition {
  name: string;
  title?: string;
  description?: string;
  /** Entity ref. */
  owner?: string;
  tier: PolicyTier;
  /** `warn` tells about a violation, `deny` refuses because of it. */
  enforcement: 'deny' | 'warn';
  appliesTo: PolicySelector;
  workflows?: { required?: RequiredWorkflow[]; allowed?: string[] };
  stepTypes?: { allowed?: string[]; denied?: string[] };
  limits?: {
    /** Steps of the run. */
    steps?: number;
    /** ISO 8601 duration that the run may take at most. */
    duration?: string;
    /** Steps that may be in progress at the same time. */
    concurrency?: number;
  };
  /** Where it may go at all. */
  environments?: { allowed?: string[]; allowedTypes?: string[] };
  /** What the environment has to ask for. */
  approvals?: { quorum: number };
  /** Entity refs of users and groups, and subjects of services. */
  executors?: { allowed: string[] };
  /** Places of the Score spec that may be overridden, such as `containers.*.image`. */
  overrides?: { allowed: string[] };
  rules: PolicyRule[];
  /** File it was read from. */
  source?: string;
  /** Line of the document in that file. */
  line: number;
}

/**
 * Type of the step that stands for those of a workflow whose name is only known
 * once the run is there.
 *
 * @public
 */
export const UNKNOWN_STEP_TYPE = 'unknown';

/**
 * What policies look at: a plan, and everything that belongs to it.
 *
 * @public
 */
export interface PolicyInput {
  /** Score spec. */
  spec: JsonObject;
  plan: PolicyPlan;
  environment: { name: string; type: string; [key: string]: JsonValue };
  params: Record<string, JsonValue>;
  application: { name: string; owner?: string; product?: string };
  /** Who asks; nothing is known in a plan that nobody asked for. */
  user?: { ref: string; groups: string[] };
}

/** @public */
export interface PolicyPlan {
  action: string;
  goldenPath: string;
  /** Names of the workflows that the golden path calls. */
  workflows: string[];
  /** Those of them that a condition may leave out; none without it. */
  mayBeSkipped?: string[];
  steps: Array<{
    name: string;
    type: string;
    stage: number;
    config: JsonObject;
  }>;
  /** Why required workflows cannot be run, by their names. */
  unavailable?: Record<string, string>;
  /** Milliseconds after which the run is stopped. */
  timeoutMs: number;
  /** Steps in progress at the same time; as many as can be without it. */
  maxParallel?: number;
  resources: Array<{
    name: string;
    type: string;
    class: string;
    action: string;
    shared: boolean;
    params: JsonObject;
  }>;
  manifests: JsonObject[];
  /** Approvals that the environment asks for; 0 when it asks for none. */
  approvals: number;
  /** Places of the Score spec that the caller overrides. */
  overrides: string[];
  /** What it costs in a month, where that is known. */
  monthlyCost?: number;
}

/**
 * What one policy says of a plan. A policy that several things break says each
 * of them.
 *
 * @public
 */
export interface PolicyVerdict {
  /** Name of the policy. */
  name: string;
  result: 'pass' | 'warn' | 'deny';
  /** Name of the rule, or the key of the policy, that was broken. */
  rule?: string;
  /** One sentence; there is one unless it passed. */
  message?: string;
  /** Where the policy is written. */
  position?: { file?: string; line?: number };
}
