import {
  DeploymentAction,
  Environment,
  JsonValue,
  PlacedWorkflow,
  PlanCost,
  PlannedManifest,
  PlannedResource,
  PolicyResult,
  WorkflowDefinition,
  Workload,
} from '@innominatus/backstage-plugin-innominatus-common';

import { Requester } from '../policies/Requesters';

/** Everything of a plan that a policy may look at. */
export interface PlanPolicyInput {
  environment: Environment;
  /** Name of the application. */
  name: string;
  action: DeploymentAction;
  /** Entity ref of the owner. */
  owner?: string;
  /** Name of the system that its component is part of in the catalog. */
  system?: string;
  workload: Workload;
  goldenPath: { name: string; version?: string };
  definition: WorkflowDefinition;
  parameters: Record<string, JsonValue>;
  resources: PlannedResource[];
  manifests: PlannedManifest[];
  cost?: PlanCost;
  /** Places of the Score spec that the caller overrides. */
  overrides: string[];
  /** Who asks, with the groups of a user. */
  user?: Requester;
  /** Why required workflows cannot be run, by their names. */
  unavailable: Record<string, string>;
}

/** What is known of a plan before its run is put together. */
export type PlanPolicySubject = Pick<
  PlanPolicyInput,
  | 'action'
  | 'definition'
  | 'environment'
  | 'goldenPath'
  | 'name'
  | 'owner'
  | 'parameters'
  | 'system'
  | 'workload'
>;

/**
 * Judges plans. Asked each time a plan is made, and again before a deployment
 * is carried out; it must not change anything, and should answer the same to
 * the same question.
 */
export interface PlanPolicies {
  evaluate(input: PlanPolicyInput): Promise<PolicyResult[]>;
  /** What has to run besides the golden path. */
  required?(subject: PlanPolicySubject): PlacedWorkflow[];
}

/** For platforms without policies. */
export const NO_POLICIES: PlanPolicies = { evaluate: async () => [] };
