import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';

/** A part of a run that succeeded can be run again, but not all of it. */
export function retryObstacle(
  run: Run,
  from: string | undefined,
): string | undefined {
  const { reason } = run.allowedActions.retry;
  const isPart =
    run.status === 'succeeded' &&
    from !== undefined &&
    !run.retriedBy &&
    !run.undoneBy &&
    !run.parentRun;
  return isPart ? undefined : reason;
}

/** The sentence of a refusal, or nothing when the check lets it pass. */
export async function whyDenied(
  check: () => Promise<void>,
): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    if (name === NotAllowedError.name) {
      return message;
    }
    if (name === NotFoundError.name) {
      return 'You may not start again what the run was started for.';
    }
    throw error;
  }
}
