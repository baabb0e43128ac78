import { Diagnostic } from '../../diagnostics';

/**
 * One page of a list. Ask for the next one with `?cursor=`.
 *
 * @public
 */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
  /** Only with `?count=true`. */
  total?: number;
}

/**
 * Whether the caller may do something with an object, and if not, why.
 *
 * @public
 */
export interface AllowedAction {
  allowed: boolean;
  /** One sentence; only when not allowed. */
  reason?: string;
}

/**
 * RFC 9457 problem details, with Backstage's `error` member beside them.
 *
 * @public
 */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  issues?: Diagnostic[];
  /** What is not as a plan said, with the code `PLAN_CHANGED`. */
  moved?: string[];
  /** The deployment that was made, with the code `DEPLOYMENT_WITHOUT_RUN`. */
  deploymentId?: string;
  error: { name: string; message: string };
}
