import type { InnominatusApiError } from '@innominatus/backstage-plugin-innominatus-common';
import { CliError } from './errors';
import { ExitCode } from './exitCodes';

/** What a failed command says and ends with. */
export interface ErrorDescription {
  message: string;
  next?: string;
  exitCode: ExitCode;
  /** Findings of the backend, for example on a Score spec. */
  issues?: InnominatusApiError['issues'];
}

/** Turns whatever was thrown into words for a person and an exit code. */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof CliError) {
    return error;
  }
  if (isApiError(error)) {
    return {
      message: error.message,
      exitCode: exitCodeOf(error),
      next: nextStepOf(error),
      issues: error.issues.length ? error.issues : undefined,
    };
  }
  return {
    message: error instanceof Error ? error.message : String(error),
    exitCode: ExitCode.failed,
  };
}

// By name, so that the client is only loaded by commands that use it.
export function isApiError(error: unknown): error is InnominatusApiError {
  return error instanceof Error && error.name === 'InnominatusApiError';
}

function exitCodeOf(error: InnominatusApiError): ExitCode {
  switch (error.status) {
    case 400:
      return error.issues.length ? ExitCode.failed : ExitCode.wrongCall;
    case 401:
      return ExitCode.signInNeeded;
    case 403:
      return ExitCode.denied;
    case 404:
      return ExitCode.notFound;
    case 408:
    case 504:
      return ExitCode.timedOut;
    case 409:
    case 412:
    case 428:
      return ExitCode.conflict;
    case 422:
      return error.code.includes('IDEMPOTENCY')
        ? ExitCode.conflict
        : ExitCode.failed;
    default:
      return ExitCode.failed;
  }
}

function nextStepOf(error: InnominatusApiError): string | undefined {
  if (error.status === 401) {
    return 'Sign in again: innominatus login';
  }
  if (error.status === 403) {
    return 'See who you are: innominatus auth status. Your platform team can allow it.';
  }
  if (error.code === 'ENVIRONMENT_FROZEN') {
    return 'Who may override it gives a reason: --override-freeze REASON';
  }
  if (error.code === 'PLAN_CHANGED') {
    return 'Look at the plan again: innominatus plan';
  }
  if (error.status === 404) {
    return 'Check the name; what you may not read does not show up either.';
  }
  if (error.retryAfter !== undefined) {
    return `Try again in ${error.retryAfter} seconds.`;
  }
  return undefined;
}
