import {
  RunState,
  evolve,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Journal } from '../engine';

/** Runs whose state is kept, so that who follows one pays for news only. */
const KEPT_RUNS = 100;
/** Their events as JSON, together: a single run may have outputs of megabytes. */
const KEPT_CHARACTERS = 32 * 1024 * 1024;

interface KeptState {
  seq: number;
  state: RunState | undefined;
  characters: number;
}

const NOTHING: KeptState = { seq: 0, state: undefined, characters: 0 };

/**
 * The states of runs, folded from the journal.
 *
 * A state that was folded before is carried on from where it ended; an event
 * never changes once it is written.
 */
export class RunStates {
  readonly #journal: Pick<Journal, 'read'>;
  readonly #kept = new Map<string, KeptState>();
  #characters = 0;

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
    const kept = this.#kept.get(runId) ?? NOTHING;
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
    return {
      seq: kept.seq + events.length,
      state,
      characters: kept.characters + JSON.stringify(events).length,
    };
  }

  /** The runs that were asked for longest ago go first. */
  #keep(runId: string, current: KeptState): void {
    const known = this.#kept.get(runId) ?? NOTHING;
    const newest = known.seq > current.seq ? known : current;
    this.#characters += newest.characters - known.characters;
    this.#kept.delete(runId);
    this.#kept.set(runId, newest);
    for (const [oldest, { characters }] of this.#kept) {
      if (this.#kept.size <= KEPT_RUNS && this.#characters <= KEPT_CHARACTERS) {
        break;
      }
      this.#characters -= characters;
      this.#kept.delete(oldest);
    }
  }
}
