import {
  RunState,
  evolve,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Journal } from '../engine';

/** Runs whose state is kept, so that who follows one pays for news only. */
const KEPT_RUNS = 100;

interface KeptState {
  seq: number;
  state: RunState | undefined;
}

/**
 * The states of runs, folded from the journal.
 *
 * A state that was folded before is carried on from where it ended; an event
 * never changes once it is written.
 */
export class RunStates {
  readonly #journal: Pick<Journal, 'read'>;
  readonly #kept = new Map<string, KeptState>();

  static create(journal: Pick<Journal, 'read'>): RunStates {
    return new RunStates(journal);
  }

  private constructor(journal: Pick<Journal, 'read'>) {
    this.#journal = journal;
  }

  /**
   * The state after at least the first `seq` events. Answers `undefined` for a
   * run that did not begin.
   */
  async get(runId: string, seq: number): Promise<RunState | undefined> {
    if (seq === 0) {
      return undefined;
    }
    const kept = this.#kept.get(runId) ?? { seq: 0, state: undefined };
    const current = kept.seq >= seq ? kept : await this.#carryOn(runId, kept);
    this.#keep(runId, current);
    return current.state;
  }

  async #carryOn(runId: string, kept: KeptState): Promise<KeptState> {
    const events = await this.#journal.read(runId, kept.seq);
    let { state } = kept;
    for (const event of events) {
      state = evolve(state, event);
    }
    return { seq: kept.seq + events.length, state };
  }

  /** The run that was asked for longest ago goes first. */
  #keep(runId: string, current: KeptState): void {
    const known = this.#kept.get(runId);
    this.#kept.delete(runId);
    this.#kept.set(runId, known && known.seq > current.seq ? known : current);
    if (this.#kept.size > KEPT_RUNS) {
      const [oldest] = this.#kept.keys();
      this.#kept.delete(oldest);
    }
  }
}
