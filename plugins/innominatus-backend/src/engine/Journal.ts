import {
  RunEvent,
  RunState,
} from '@innominatus/backstage-plugin-innominatus-common';

/** The right to write to a run, until a later owner gets a higher token. */
export interface RunLease {
  runId: string;
  owner: string;
  fencingToken: number;
}

/** Events of one run that belong together, and the state they lead to. */
export interface JournalBatch {
  lease: RunLease;
  /** Sequence number of the last event before this batch. */
  afterSeq: number;
  events: RunEvent[];
  /** State before the events; absent for the first batch of a run. */
  before?: RunState;
  /** State after the events; what lists show of the run is written from it. */
  state: RunState;
  /** Ids of the signals among the events. */
  signals: string[];
  /**
   * Only the events are written; see {@link isProgress}. Whoever says so writes
   * a batch without it soon after, which may be one without events.
   */
  progress?: boolean;
}

/**
 * Whether a batch changes nothing of what lists show of a run but how many
 * steps have ended, and nothing beside the events is written.
 */
export function isProgress(
  batch: Pick<JournalBatch, 'before' | 'state' | 'signals'>,
): boolean {
  const { before, state, signals } = batch;
  return (
    before !== undefined &&
    signals.length === 0 &&
    state.status === before.status &&
    state.endedAt === before.endedAt &&
    state.waiting === before.waiting &&
    state.outputs === before.outputs &&
    state.failure === before.failure &&
    state.definition === before.definition &&
    Object.values(state.steps).every(({ name, approval }) => {
      const earlier = before.steps[name];
      return earlier !== undefined && earlier.approval === approval;
    })
  );
}

/**
 * Where the events of runs are kept.
 *
 * A batch is written completely or not at all, together with the columns of the
 * run that lists show, and only while the lease is the newest one. When
 * `append` resolves, the batch is on disk; a step starts only after that. An
 * implementation may write the batches of many runs in one go.
 */
export interface Journal {
  /** Throws {@link LeaseLostError} when the run has another owner by now. */
  append(batch: JournalBatch): Promise<void>;
  /** The events of a run in their order, all or those after the given number. */
  read(runId: string, after?: number): Promise<RunEvent[]>;
}

/** Thrown when a worker writes to a run that it no longer owns. */
export class LeaseLostError extends Error {
  constructor(runId: string) {
    super(`Run "${runId}" is worked on by another worker now`);
    this.name = 'LeaseLostError';
  }
}
