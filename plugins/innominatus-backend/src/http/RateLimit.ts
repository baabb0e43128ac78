const MAX_KEYS = 10_000;

/** Counts in windows of fixed length, in the memory of this process. */
export class RateLimit {
  readonly #max: number;
  readonly #windowMs: number;
  readonly #counts = new Map<string, number>();
  #windowEndsAt = 0;

  static create(options: { max: number; windowMs: number }): RateLimit {
    return new RateLimit(options.max, options.windowMs);
  }

  private constructor(max: number, windowMs: number) {
    this.#max = max;
    this.#windowMs = windowMs;
  }

  /** Answers the seconds to wait when there were too many. */
  take(key: string, now: number = Date.now()): number | undefined {
    if (now >= this.#windowEndsAt || this.#counts.size >= MAX_KEYS) {
      this.#counts.clear();
      this.#windowEndsAt = now + this.#windowMs;
    }
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count > this.#max
      ? Math.max(1, Math.ceil((this.#windowEndsAt - now) / 1000))
      : undefined;
  }
}
