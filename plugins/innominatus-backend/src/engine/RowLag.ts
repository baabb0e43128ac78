/** How far the row of a run may be behind its journal. */
const LONGEST_MS = 100;

/**
 * Keeps track of how far the row of a run is behind its journal.
 *
 * A run whose steps follow each other quickly need not show each of them in
 * lists. Its row is written at once after a quiet moment, then at most ten times
 * a second, and a last time when the run comes to rest.
 */
export class RowLag {
  #writtenAt = -Infinity;
  #isBehind = false;

  static create(): RowLag {
    return new RowLag();
  }

  private constructor() {}

  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** The row was written so short a time ago that it may be left as it is. */
  get mayGrow(): boolean {
    return this.#sinceWritten() < LONGEST_MS;
  }

  /** Until the row has to be written; infinite when it says what there is. */
  get dueInMs(): number {
    return this.#isBehind
      ? Math.max(0, LONGEST_MS - this.#sinceWritten())
      : Infinity;
  }

  noteLeft(): void {
    this.#isBehind = true;
  }

  noteWritten(): void {
    this.#isBehind = false;
    this.#writtenAt = performance.now();
  }

  /** Monotonic: the clock of the wall may jump. */
  #sinceWritten(): number {
    return performance.now() - this.#writtenAt;
  }
}
