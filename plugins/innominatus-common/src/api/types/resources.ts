import { ResourceState } from './applications';

/**
 * One change of the state of a resource.
 *
 * @public
 */
export interface ResourceTransition {
  from: ResourceState;
  to: ResourceState;
  /** One sentence on why. */
  reason: string;
  /** Entity ref of a user, the subject of a service, or `innominatus` itself. */
  by: string;
  runId?: string;
  at: string;
}

/** @public */
export interface RevealRequest {
  /** Name of a secret output. */
  output: string;
  /** Why it is needed; kept for the record. */
  reason: string;
}

/**
 * A secret output in the clear.
 *
 * @public
 */
export interface RevealedOutput {
  output: string;
  value: string;
  revealedAt: string;
}
