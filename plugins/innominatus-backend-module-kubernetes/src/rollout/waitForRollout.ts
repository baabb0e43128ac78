import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '@innominatus/backstage-plugin-innominatus-common';
import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { ObjectReference } from '../cluster/ClusterClient';
import { Rollout, RolloutOptions } from './Rollout';
import { hasRollout } from './rolloutStatus';

const DEFAULT_POLL_MS = 1_000;
/** The API server may be restarted while a rollout goes on. */
const MAX_FAILED_READS = 10;

export interface WaitOptions extends RolloutOptions {
  objects: readonly ObjectReference[];
  timeoutMs: number;
  signal: AbortSignal;
  pollMs?: number;
}

/**
 * Waits until all objects are rolled out and says on the way what changes.
 * One that fails, or is not done in time, ends the step with what the cluster
 * says about its pods.
 */
export async function waitForRollout(options: WaitOptions): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  const waiting = options.objects
    .filter(({ kind }) => hasRollout(kind))
    .map(reference => new Rollout(reference));
  let failedReads = 0;
  for (;;) {
    for (const rollout of waiting.filter(({ isDone }) => !isDone)) {
      try {
        await rollout.check(options);
        failedReads = 0;
      } catch (error) {
        options.signal.throwIfAborted();
        failedReads += 1;
        if (!isTransient(error) || failedReads > MAX_FAILED_READS) {
          throw error;
        }
        options.log.warn(`${(error as Error).message} Trying again.`);
      }
    }
    const open = waiting.filter(({ isDone }) => !isDone);
    if (open.length === 0) {
      return;
    }
    if (Date.now() >= deadline) {
      await open[0].fail({
        ...options,
        within: formatDuration(options.timeoutMs),
      });
    }
    await sleep(options.pollMs ?? DEFAULT_POLL_MS, undefined, {
      signal: options.signal,
    });
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof StepFailure && error.transient;
}
