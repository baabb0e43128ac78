import { LoggerService } from '@backstage/backend-plugin-api';
import { ProblemDetails } from '@innominatus/backstage-plugin-innominatus-common';
import { ErrorRequestHandler } from 'express';
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { ProblemError } from './ProblemError';

interface Kind {
  status: number;
  code: string;
}

const KINDS_BY_NAME: Record<string, Kind> = {
  InputError: { status: 400, code: 'BAD_REQUEST' },
  // Express throws it for a path with broken percent-encoding.
  URIError: { status: 400, code: 'BAD_REQUEST' },
  AuthenticationError: { status: 401, code: 'SIGN_IN_NEEDED' },
  NotAllowedError: { status: 403, code: 'NOT_ALLOWED' },
  NotFoundError: { status: 404, code: 'NOT_FOUND' },
  ConflictError: { status: 409, code: 'CONFLICT' },
  NotImplementedError: { status: 501, code: 'NOT_IMPLEMENTED' },
  ServiceUnavailableError: { status: 503, code: 'SERVICE_UNAVAILABLE' },
};

/** Backstage's names by status, for clients that read the `error` member. */
const NAMES_BY_STATUS: Record<number, string> = {
  401: 'AuthenticationError',
  403: 'NotAllowedError',
  404: 'NotFoundError',
  409: 'ConflictError',
  501: 'NotImplementedError',
  503: 'ServiceUnavailableError',
};

/**
 * Class 22 of PostgreSQL: a character, a number or a text that no column can
 * hold. Whatever we make ourselves fits, so it came with the request.
 */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/;

/** Statuses of the body parser that mean something of their own. */
const CODES_BY_STATUS: Record<number, string> = {
  413: 'BODY_TOO_LARGE',
  415: 'MEDIA_TYPE_NOT_SUPPORTED',
};

/**
 * Answers errors as problem details (RFC 9457) that also carry Backstage's
 * `error` member. What is not meant for the caller is logged under an id, and
 * only the id is answered.
 */
export function problemDetails(options: {
  logger: LoggerService;
}): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = toProblem(error);
    if (problem.status >= 500 && !isMeantForCaller(error)) {
      const logId = randomUUID();
      options.logger.error(
        `${request.method} ${request.path} failed, id ${logId}: ${error?.message}`,
        error instanceof Error ? error : undefined,
      );
      problem.detail = `An internal error occurred, its id in the log of the backend is ${logId}.`;
      problem.error.message = problem.detail;
    }
    if (error instanceof ProblemError && error.retryAfterSeconds) {
      response.setHeader('Retry-After', error.retryAfterSeconds);
    }
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problem));
  };
}

/** The body that the error is answered with. */
function toProblem(error: unknown): ProblemDetails {
  const { status, code } = kindOf(error);
  const detail = messageOf(error, status);
  return {
    type: `urn:innominatus:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    ...(error instanceof ProblemError && error.issues
      ? { issues: error.issues }
      : {}),
    ...(error instanceof ProblemError && error.moved
      ? { moved: error.moved }
      : {}),
    ...(error instanceof ProblemError && error.deploymentId
      ? { deploymentId: error.deploymentId }
      : {}),
    error: {
      name: NAMES_BY_STATUS[status] ?? (status < 500 ? 'InputError' : 'Error'),
      message: detail,
    },
  };
}

function kindOf(error: unknown): Kind {
  const { code, name, status, type } = (error ?? {}) as {
    code?: unknown;
    name?: unknown;
    status?: unknown;
    type?: unknown;
  };
  if (error instanceof ProblemError) {
    return { status: error.status, code: error.code };
  }
  const kind = Object.hasOwn(KINDS_BY_NAME, String(name))
    ? KINDS_BY_NAME[String(name)]
    : undefined;
  if (kind) {
    return kind;
  }
  if (isDataException(code)) {
    return { status: 400, code: 'BAD_REQUEST' };
  }
  // The body parser of Express marks its errors with a status and a type.
  if (
    typeof type === 'string' &&
    typeof status === 'number' &&
    status >= 400 &&
    status < 500
  ) {
    return { status, code: CODES_BY_STATUS[status] ?? 'BAD_REQUEST' };
  }
  return { status: 500, code: 'INTERNAL_ERROR' };
}

function messageOf(error: unknown, status: number): string {
  // The parser's message quotes the body, which may hold a secret.
  if ((error as { type?: unknown })?.type === 'entity.parse.failed') {
    return 'The body of the request is not valid JSON.';
  }
  // This one quotes the statement.
  if (isDataException((error as { code?: unknown })?.code)) {
    return 'An id, a number, a cursor or a text in the request is nothing that can be looked for. Check them, and start a list again without "cursor".';
  }
  return error instanceof Error && error.message
    ? error.message
    : (STATUS_CODES[status] ?? 'Error');
}

function isDataException(code: unknown): boolean {
  return typeof code === 'string' && DATA_EXCEPTION.test(code);
}

function isMeantForCaller(error: unknown): boolean {
  return (
    error instanceof ProblemError ||
    Object.hasOwn(KINDS_BY_NAME, String((error as Error | undefined)?.name))
  );
}
