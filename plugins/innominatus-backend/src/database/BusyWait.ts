/** A database nearby with a quick disk answers within half of it. */
const LONGEST_MS = 1;

/**
 * Waits actively for answers that come sooner than a core falls asleep and
 * wakes up again.
 *
 * A run of quick steps asks the database, waits a fraction of a millisecond,
 * thinks, and asks again. When the process sleeps each time, waking it and its
 * cold caches cost more than the wait and the thinking together. So it goes
 * around its event loop instead, where everything else has its turn as ever,
 * but not longer than an answer may take that is worth it. After an answer that
 * took longer it sleeps, until answers are quick again: on a slow disk or a
 * busy machine nothing is spent.
 */
export class BusyWait {
  readonly #longestMs: number;
  #lastMs = Infinity;
  #waiting = 0;
  #isTurning = false;

  static create(options: { longestMs?: number } = {}): BusyWait {
    return new BusyWait(options.longestMs ?? LONGEST_MS);
  }

  private constructor(longestMs: number) {
    this.#longestMs = longestMs;
  }

  /** Settles as the work does. */
  async during<T>(work: Promise<T>): Promise<T> {
    const begun = performance.now();
    this.#waiting += 1;
    if (this.#lastMs <= this.#longestMs && !this.#isTurning) {
      this.#isTurning = true;
      this.#turn(begun + this.#longestMs);
    }
    try {
      return await work;
    } finally {
      this.#waiting -= 1;
      this.#lastMs = performance.now() - begun;
    }
  }

  #turn(until: number): void {
    if (this.#waiting === 0 || performance.now() > until) {
      this.#isTurning = false;
      return;
    }
    setImmediate(() => this.#turn(until));
  }
}
