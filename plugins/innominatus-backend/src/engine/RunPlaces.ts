import { ClaimedRun } from './claims';

/** A free place for a run that is about to be created. */
export interface RunPlace {
  owner: string;
  leaseMs: number;
  /** The run exists, with `owner` as its owner. */
  begin(run: ClaimedRun): void;
  /** No run came of it. */
  release(): void;
}

/**
 * Lets a run begin in the process that starts it, instead of being looked for.
 * Answers `undefined` when the run has to queue.
 */
export type ReserveRunPlace = (options: {
  nested: boolean;
}) => RunPlace | undefined;
