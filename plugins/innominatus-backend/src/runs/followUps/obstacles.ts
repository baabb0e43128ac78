import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { RunStore } from '../RunStore';

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

/** What a retry has built on the run is undone first. */
export async function obstacleOfRetry(
  run: Run,
  store: Pick<RunStore, 'getSummary'>,
): Promise<string | undefined> {
  if (!run.retriedBy) {
    return undefined;
  }
  const { id, number } = run.retriedBy;
  const retry = await store.getSummary(id);
  const undo = retry?.undoneBy
    ? await store.getSummary(retry.undoneBy.id)
    : undefined;
  return undo?.status === 'succeeded'
    ? undefined
    : `Run ${run.number} was retried by run ${number}. Undo that one first.`;
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
