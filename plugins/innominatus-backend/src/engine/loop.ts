import { LoggerService } from '@backstage/backend-plugin-api';

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 15_000;

export interface LoopOptions {
  /** For log lines: "Could not <task>". */
  task: string;
  logger: LoggerService;
  signal: AbortSignal;
  /** Pause between two rounds. */
  intervalMs: number;
  /** Answers `true` when there is more to do at once. */
  run: () => Promise<boolean | void>;
  /** Ends the pause early. */
  wake?: WakeUp;
}

/**
 * Repeats a task until the signal aborts. A round that fails is logged and the
 * next one comes after a growing pause.
 */
export async function loop(options: LoopOptions): Promise<void> {
  const { signal, logger, intervalMs, wake } = options;
  let failures = 0;
  while (!signal.aborted) {
    let pauseMs = intervalMs;
    try {
      pauseMs = (await options.run()) ? 0 : intervalMs;
      failures = 0;
    } catch (error) {
      failures += 1;
      pauseMs = Math.min(
        LONGEST_BACKOFF_MS,
        FIRST_BACKOFF_MS * 2 ** Math.min(failures, 10),
      );
      logger.warn(
        `Could not ${options.task}, trying again: ${(error as Error).message}`,
      );
    }
    if (pauseMs > 0) {
      // Spread, so that replicas do not ask in step. A failing task is not
      // hurried by wake-ups.
      await pause(
        pauseMs * (0.8 + Math.random() * 0.4),
        signal,
        failures === 0 ? wake : undefined,
      );
    }
  }
}

/** Remembers a wake-up that comes while nobody sleeps. */
export class WakeUp {
  #pending = false;
  #listener: (() => void) | undefined;

  static create(): WakeUp {
    return new WakeUp();
  }

  private constructor() {}

  wake(): void {
    this.#pending = true;
    this.#listener?.();
  }

  /** Calls the listener at once when a wake-up is pending. */
  listen(listener: (() => void) | undefined): void {
    this.#listener = listener;
    if (listener && this.#pending) {
      listener();
    }
  }

  clear(): void {
    this.#pending = false;
    this.#listener = undefined;
  }
}

/** Resolves after the time, on abort, or on a wake-up. */
export function pause(
  ms: number,
  signal: AbortSignal,
  wake?: WakeUp,
): Promise<void> {
  return new Promise(resolve => {
    // Longer times would overflow the timer and fire at once.
    const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1));
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      wake?.clear();
      resolve();
    }
    if (signal.aborted) {
      done();
      return;
    }
    signal.addEventListener('abort', done);
    wake?.listen(done);
  });
}
