import { OutsideLink } from '../../workflow/types';
import { ResourceState } from './applications';

/**
 * Who makes a resource: steps of a workflow (`native`), a system or people
 * outside (`delegated`), or nobody, because it is there already (`external`).
 *
 * @public
 */
export const ResourceManagement = {
  native: 'native',
  delegated: 'delegated',
  external: 'external',
} as const;

/** @public */
export type ResourceManagement =
  (typeof ResourceManagement)[keyof typeof ResourceManagement];

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

/**
 * What a resource waits for that somebody or something else has to do.
 *
 * @public
 */
export interface ResourceWait {
  /** One sentence. */
  message: string;
  /** Where to look at it: a pull request, a ticket. */
  link?: OutsideLink;
  /** When the wait ends by itself, without success. */
  until?: string;
}

/**
 * What a health check says. `unknown` means that the check could not be made,
 * which says nothing about the resource.
 *
 * @public
 */
export type HealthStatus = 'healthy' | 'unhealthy' | 'unknown';

/** @public */
export interface ResourceHealth {
  status: HealthStatus;
  /** One sentence. */
  message: string;
  checkedAt: string;
}

/**
 * A time in which the checks said the same.
 *
 * @public
 */
export interface HealthRecord {
  status: HealthStatus;
  message: string;
  /** How many checks said so. */
  checks: number;
  /** How long the last of them took. */
  durationMs: number;
  since: string;
  until: string;
}

/**
 * How an application is, by the resources it uses.
 *
 * @public
 */
export interface ApplicationHealth {
  /** `unknown` when no resource says anything. */
  status: 'healthy' | 'degraded' | 'unknown';
  /** Resources that are degraded or failed. */
  degraded: number;
  /** Resources in use. */
  total: number;
}
