import { StepWait } from '@innominatus/backstage-plugin-innominatus-node';
import { RunService } from '../runs/types';
import { BUSY_STATES } from './states';
import { ResourceRecord, ResourceStore } from './types';

const GRACE_MS = 10_000;
const LOOK_EVERY_MS = 500;
const LOOK_AGAIN_MS = 30_000;

export interface WaitUntilFreeOptions {
  record: ResourceRecord;
  /** Run that may go on with the resource: ours, from before an interruption. */
  ownRunId: string;
  store: ResourceStore;
  runs: RunService;
  by: string;
  signal: AbortSignal;
  onWait: (message: string) => void;
}

/**
 * Waits until no other run works on a resource, and answers what it is then.
 * Only shared resources are ever worked on by several applications.
 *
 * A run that ended without a result for the resource, because it was stopped
 * by force, leaves it marked as failed.
 */
export async function waitUntilFree(
  options: WaitUntilFreeOptions,
): Promise<ResourceRecord> {
  const { store, ownRunId, signal } = options;
  let { record } = options;
  while (BUSY_STATES.includes(record.state) && record.runId !== ownRunId) {
    const holder = record.runId;
    options.onWait(
      `Waiting for run ${holder ?? 'of another worker'}, which works on "${record.uid}"`,
    );
    await waitForRun(holder, options);
    record = await waitForResult(record, options);
    if (BUSY_STATES.includes(record.state) && record.runId === holder) {
      record = await store.transition({
        id: record.id,
        to: 'failed',
        reason: 'The run that worked on it ended without a result',
        by: options.by,
        patch: { error: 'The run that worked on it ended without a result' },
      });
    }
    signal.throwIfAborted();
  }
  return record;
}

/** A run that waits itself may do so for days, which needs no worker here. */
async function waitForRun(
  id: string | undefined,
  options: WaitUntilFreeOptions,
): Promise<void> {
  if (id === undefined) {
    return;
  }
  const { runs, signal, record } = options;
  try {
    const run = await runs.waitForRest({ id, signal });
    if (run.endedAt === undefined) {
      throw new StepWait({
        message: `Waits for run ${run.number}, which works on "${record.uid}".`,
        heldBy: id,
        lookAfterMs: LOOK_AGAIN_MS,
      });
    }
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof Error) || error.name !== 'NotFoundError') {
      throw error;
    }
  }
}

/** The step that waits for the same run needs a moment to note the result. */
async function waitForResult(
  record: ResourceRecord,
  options: WaitUntilFreeOptions,
): Promise<ResourceRecord> {
  const end = performance.now() + GRACE_MS;
  let current = record;
  do {
    current = (await options.store.get(record.id)) ?? current;
    if (!BUSY_STATES.includes(current.state)) {
      return current;
    }
    await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
    options.signal.throwIfAborted();
  } while (performance.now() < end);
  return current;
}
