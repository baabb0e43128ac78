import { Diagnostic } from '@innominatus/backstage-plugin-innominatus-common';

/**
 * Thrown by services and routes when a client has to tell the problem apart
 * by its code. For everything else the errors of `@backstage/errors` do.
 */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly issues?: Diagnostic[];
  readonly moved?: string[];
  readonly deploymentId?: string;
  readonly retryAfterSeconds?: number;

  constructor(options: {
    /** HTTP status. */
    status: number;
    /** Stable, `SCREAMING_SNAKE`. */
    code: string;
    message: string;
    issues?: Diagnostic[];
    /** What is not the same any more, in lines for people. */
    moved?: string[];
    /** Of the deployment that was made although there is no run. */
    deploymentId?: string;
    retryAfterSeconds?: number;
    cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.name = 'ProblemError';
    this.status = options.status;
    this.code = options.code;
    this.issues = options.issues;
    this.moved = options.moved;
    this.deploymentId = options.deploymentId;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
