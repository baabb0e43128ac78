import { Diagnostic } from '../diagnostics';
import { ProblemDetails } from './types';

/**
 * Thrown when the backend answers with an error.
 *
 * @public
 */
export class InnominatusApiError extends Error {
  /** HTTP status, for example 404. */
  readonly status: number;
  /** Stable code, for example `PLAN_CHANGED`. */
  readonly code: string;
  readonly issues: Diagnostic[];
  /** What is not as a plan said, when it is not the same any more. */
  readonly moved: string[];
  /** Of the deployment that was made and has no run yet. */
  readonly deploymentId?: string;
  /** Seconds to wait, when the backend said so. */
  readonly retryAfter?: number;

  private constructor(options: {
    status: number;
    code: string;
    message: string;
    issues: Diagnostic[];
    moved: string[];
    deploymentId?: string;
    retryAfter?: number;
  }) {
    super(options.message);
    this.name = 'InnominatusApiError';
    this.status = options.status;
    this.code = options.code;
    this.issues = options.issues;
    this.moved = options.moved;
    this.deploymentId = options.deploymentId;
    this.retryAfter = options.retryAfter;
  }

  /** Reads the error out of a response that is not `ok`. */
  static async fromResponse(response: Response): Promise<InnominatusApiError> {
    const problem = await readProblem(response);
    const retryAfter = Number(response.headers.get('retry-after') ?? undefined);
    return new InnominatusApiError({
      status: response.status,
      code: problem?.code ?? codeOfStatus(response.status),
      message:
        problem?.detail ??
        problem?.error?.message ??
        `The backend answered ${response.status} ${response.statusText}`.trim(),
      issues: problem?.issues ?? [],
      moved: problem?.moved ?? [],
      deploymentId: problem?.deploymentId,
      retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
    });
  }
}

async function readProblem(
  response: Response,
): Promise<Partial<ProblemDetails> | undefined> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    // A proxy in between may answer with HTML or nothing at all.
    return undefined;
  }
}

function codeOfStatus(status: number): string {
  switch (status) {
    case 401:
      return 'SIGN_IN_NEEDED';
    case 403:
      return 'NOT_ALLOWED';
    case 404:
      return 'NOT_FOUND';
    case 409:
      return 'CONFLICT';
    case 429:
      return 'TOO_MANY_REQUESTS';
    default:
      return status >= 500 ? 'BACKEND_ERROR' : 'BAD_REQUEST';
  }
}
