import { RunEvent } from '@innominatus/backstage-plugin-innominatus-common';
import { Journal } from '../engine';
import { record, RecordedRun, UNRECORDED } from './RecordedRun';

/** Runs whose state is kept in memory; others are read again when needed. */
const MOST_KEPT = 500;

/**
 * The recorded runs that this process looks at. Reads only the events that it
 * has not seen yet, so that a run with many steps is not read from the start
 * for each of them.
 */
export class RunRecords {
  readonly #journal: Journal;
  /** In the order of their last use. */
  readonly #kept = new Map<string, RecordedRun>();
  readonly #reading = new Map<string, Promise<RecordedRun>>();

  static create(journal: Journal): RunRecords {
    return new RunRecords(journal);
  }

  private constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** What was known when the run was looked at last. */
  known(runId: string): RecordedRun {
    return this.#kept.get(runId) ?? UNRECORDED;
  }

  /**
   * With all events that are on disk when this is called. Readers that come
   * while another one waits to begin share its answer.
   */
  async read(runId: string): Promise<RecordedRun> {
    const waiting = this.#reading.get(runId);
    if (waiting) {
      return waiting;
    }
    const reading = (async () => {
      await new Promise(resolve => setImmediate(resolve));
      this.#reading.delete(runId);
      return this.#readOn(runId);
    })();
    this.#reading.set(runId, reading);
    return reading;
  }

  /** Events that this process wrote itself, after those of `before`. */
  keep(runId: string, before: RecordedRun, events: RunEvent[]): RecordedRun {
    return this.#keep(runId, record(before, events));
  }

  async #readOn(runId: string): Promise<RecordedRun> {
    const known = this.known(runId);
    const events = await this.#journal.read(runId, known.seq);
    return this.#keep(runId, record(known, events));
  }

  /** Never replaces what is known by something older. */
  #keep(runId: string, run: RecordedRun): RecordedRun {
    const known = this.known(runId);
    const newest = known.seq > run.seq ? known : run;
    this.#kept.delete(runId);
    this.#kept.set(runId, newest);
    if (this.#kept.size > MOST_KEPT) {
      const [oldest] = this.#kept.keys();
      this.#kept.delete(oldest);
    }
    return newest;
  }
}
