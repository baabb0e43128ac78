/** Something about runs that another replica may wait for. */
export type RunNotice =
  | { kind: 'run'; runId: string; version: number; ended: boolean }
  | { kind: 'log'; runId: string }
  /** Somebody asked something of the run. */
  | { kind: 'signal'; runId: string }
  /** A run may be free to be worked on. */
  | { kind: 'work' }
  /** A run with a lock or a limit was made, or has ended. */
  | { kind: 'groups' };

export interface RunChangesOptions {
  /** Called in the process that made the change, for example to tell browsers. */
  onRunChanged?: (change: { runId: string; version: number }) => void;
}

/**
 * Wakes whoever waits for a run, in this process and, through a listener, in
 * others. Only a hint that it is worth looking: who waits also looks by itself
 * now and then, so a lost notice costs time and nothing else.
 */
export class RunChanges {
  readonly #onRunChanged: RunChangesOptions['onRunChanged'];
  readonly #waiting = new Map<string, Set<(notice: RunNotice) => void>>();
  readonly #workers = new Set<(notice: RunNotice) => void>();
  readonly #admissions = new Set<() => void>();
  readonly #onEnd = new Set<() => void>();
  readonly #outlets = new Set<(notice: RunNotice) => void>();

  static create(options: RunChangesOptions = {}): RunChanges {
    return new RunChanges(options);
  }

  private constructor(options: RunChangesOptions) {
    this.#onRunChanged = options.onRunChanged;
  }

  /** For changes made in this process. */
  publish(notice: RunNotice): void {
    this.receive(notice);
    for (const outlet of this.#outlets) {
      outlet(notice);
    }
    if (notice.kind === 'run') {
      try {
        this.#onRunChanged?.({ runId: notice.runId, version: notice.version });
      } catch {
        // A faulty listener must not stop a run.
      }
    }
  }

  /** For changes made elsewhere. */
  receive(notice: RunNotice): void {
    if (notice.kind === 'groups') {
      for (const wake of this.#admissions) {
        wake();
      }
      return;
    }
    if (notice.kind === 'work' || notice.kind === 'signal') {
      for (const wake of this.#workers) {
        wake(notice);
      }
      return;
    }
    if (notice.kind === 'run' && notice.ended) {
      for (const wake of this.#onEnd) {
        wake();
      }
    }
    for (const wake of [...(this.#waiting.get(notice.runId) ?? [])]) {
      wake(notice);
    }
  }

  /** Sends the notices of this process to other processes. */
  addOutlet(outlet: (notice: RunNotice) => void): () => void {
    this.#outlets.add(outlet);
    return () => this.#outlets.delete(outlet);
  }

  /** For who works on runs: called for `work` and `signal`. */
  onWork(wake: (notice: RunNotice) => void): () => void {
    this.#workers.add(wake);
    return () => this.#workers.delete(wake);
  }

  /** Called whenever a run has ended. */
  onEnd(wake: () => void): () => void {
    this.#onEnd.add(wake);
    return () => this.#onEnd.delete(wake);
  }

  onGroupsChanged(wake: () => void): () => void {
    this.#admissions.add(wake);
    return () => this.#admissions.delete(wake);
  }

  /**
   * Watches a run. Notices that come while nobody waits are remembered, so a
   * reader that looks first and waits then misses nothing.
   */
  watch(runId: string, options: { endOnly?: boolean } = {}): RunWatch {
    let noticed = false;
    let wakeUp: (() => void) | undefined;
    const wake = (notice: RunNotice) => {
      if (options.endOnly && !(notice.kind === 'run' && notice.ended)) {
        return;
      }
      noticed = true;
      wakeUp?.();
    };
    const waiting = this.#waiting.get(runId) ?? new Set();
    waiting.add(wake);
    this.#waiting.set(runId, waiting);
    return {
      wait: ({ timeoutMs, signal }) =>
        new Promise(resolve => {
          const timer = setTimeout(done, timeoutMs);
          function done() {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            wakeUp = undefined;
            noticed = false;
            resolve();
          }
          signal.addEventListener('abort', done);
          wakeUp = done;
          if (noticed || signal.aborted) {
            done();
          }
        }),
      close: () => {
        waiting.delete(wake);
        if (waiting.size === 0 && this.#waiting.get(runId) === waiting) {
          this.#waiting.delete(runId);
        }
      },
    };
  }
}

export interface RunWatch {
  /** Resolves on the next notice, when the time is over, or on abort. */
  wait(options: { timeoutMs: number; signal: AbortSignal }): Promise<void>;
  close(): void;
}
