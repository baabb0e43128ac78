import {
  Diagnostic,
  formatDuration,
  readEnvironmentInput,
} from '@innominatus/backstage-plugin-innominatus-common';
import { ProblemError } from '../http';
import { EnvironmentDefinition } from './types';

/** The definition that somebody sent; throws with all findings otherwise. */
export function readDefinition(input: unknown): EnvironmentDefinition {
  const { environment, diagnostics } = readEnvironmentInput(input);
  if (!environment) {
    throw invalid(diagnostics);
  }
  if (environment.type === 'ephemeral') {
    throw new ProblemError({
      status: 422,
      code: 'ENVIRONMENT_INVALID',
      message:
        'Environments of the type "ephemeral" are made from another one: send "ephemeral" with "from", and "branch" or "pullRequest".',
    });
  }
  return environment;
}

function invalid(diagnostics: Diagnostic[]): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'ENVIRONMENT_INVALID',
    message: diagnostics[0].message,
    issues: diagnostics,
  });
}

/** Refuses a time to live that is over already, or longer than allowed. */
export function requireWithin(
  name: string,
  ttlMs: number,
  maxMs: number | undefined,
): void {
  if (ttlMs <= 0 || (maxMs !== undefined && ttlMs > maxMs)) {
    throw new ProblemError({
      status: 422,
      code: 'ENVIRONMENT_TTL',
      message:
        ttlMs <= 0
          ? `The environment "${name}" would end in the past.`
          : `The environment "${name}" would live for another ${formatDuration(ttlMs)}; at most ${formatDuration(maxMs ?? 0)} are allowed.`,
    });
  }
}

/** For a change that was made of an older version. */
export function staleVersion(name: string): ProblemError {
  return new ProblemError({
    status: 412,
    code: 'VERSION_STALE',
    message: `The environment "${name}" was changed meanwhile. Read it again and repeat the change.`,
  });
}
