import {
  LoggerService,
  isDatabaseConflictError,
} from '@backstage/backend-plugin-api';
import { WorkflowRuntime } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { claimRuns, loop, RunChanges, WakeUp } from '../engine';
import {
  returnRun,
  returnSignals,
  takeRunsToNotify,
  takeRunsToSubmit,
} from './dispatchRows';

const POLL_MS = 1000;
const PER_ROUND = 50;
const SUBMIT_AGAIN_MS = 2 * 60_000;
const NOTIFY_AGAIN_MS = 5_000;
const HEALTH_MS = 10_000;
/** A run stays with its runtime; the runtime sees to who works on it. */
const FOR_EVER_MS = 100 * 365 * 24 * 3_600_000;

export interface RuntimeDispatcherOptions {
  type: string;
  runtime: WorkflowRuntime;
  knex: Knex;
  changes: RunChanges;
  logger: LoggerService;
  /** A runtime that lost everything gets its runs again after this time (default 2 minutes). */
  submitAgainMs?: number;
}

/**
 * Hands runs to a runtime, and tells it of signals.
 *
 * Every process does this. What is handed over is marked, and is handed over
 * again when nothing came of it: a process may die in between, and a server may
 * forget. While the runtime does not answer, runs stay in the queue, where they
 * can be cancelled, and say why they wait.
 */
export class RuntimeDispatcher {
  readonly #options: RuntimeDispatcherOptions;
  readonly #wakeUp = WakeUp.create();
  readonly #stop = new AbortController();
  #stopListening: (() => void) | undefined;
  #loop: Promise<void> | undefined;
  #healthAt = -Infinity;
  #problem: string | undefined;

  static create(options: RuntimeDispatcherOptions): RuntimeDispatcher {
    return new RuntimeDispatcher(options);
  }

  private constructor(options: RuntimeDispatcherOptions) {
    this.#options = options;
  }

  /** Why the runtime cannot work on runs now. */
  get problem(): string | undefined {
    return this.#problem;
  }

  start(): void {
    const { changes, logger, type } = this.#options;
    this.#stopListening = changes.onWork(() => this.#wakeUp.wake());
    this.#loop = loop({
      task: `hand runs to the runtime "${type}"`,
      logger,
      signal: this.#stop.signal,
      intervalMs: POLL_MS,
      wake: this.#wakeUp,
      run: () => this.#round(),
    });
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    this.#stop.abort();
    await this.#loop;
  }

  async #round(): Promise<boolean> {
    if (!(await this.#isHealthy())) {
      return false;
    }
    const admitted = [await this.#admit(false), await this.#admit(true)];
    const submitted = await this.#submit();
    const notified = await this.#notify();
    return [...admitted, submitted, notified].some(
      amount => amount === PER_ROUND,
    );
  }

  async #isHealthy(): Promise<boolean> {
    const { logger, runtime, type } = this.#options;
    if (
      this.#problem === undefined &&
      performance.now() - this.#healthAt < HEALTH_MS
    ) {
      return true;
    }
    const { ok, message } = await runtime.health();
    this.#healthAt = performance.now();
    const problem = ok
      ? undefined
      : `Waits for the runtime "${type}". ${message ?? 'It does not answer.'}`;
    if (problem !== this.#problem) {
      if (problem === undefined) {
        logger.info(`The runtime "${type}" works on runs again`);
      } else {
        logger.warn(`The runtime "${type}" cannot work on runs: ${message}`);
      }
    }
    this.#problem = problem;
    return ok;
  }

  /** The same claim that embedded workers make, so that the same rules hold. */
  async #admit(nested: boolean): Promise<number> {
    const { knex, type } = this.#options;
    try {
      const runs = await claimRuns(knex, {
        owner: `runtime/${type}`,
        leaseMs: FOR_EVER_MS,
        limit: PER_ROUND,
        nested,
        runtime: type,
      });
      return runs.length;
    } catch (error) {
      if (isDatabaseConflictError(error)) {
        // Another process admitted a run with the same concurrency key.
        return 0;
      }
      throw error;
    }
  }

  async #submit(): Promise<number> {
    const { knex, logger, runtime, type } = this.#options;
    const ids = await takeRunsToSubmit(knex, {
      runtime: type,
      limit: PER_ROUND,
      againAfterMs: this.#options.submitAgainMs ?? SUBMIT_AGAIN_MS,
    });
    const results = await Promise.allSettled(
      ids.map(async id => {
        try {
          await runtime.submit(id);
        } catch (error) {
          logger.warn(
            `A run could not be handed to the runtime "${type}": ${(error as Error).message}`,
            { runId: id },
          );
          await returnRun(knex, id);
          throw error;
        }
      }),
    );
    this.#checkHealthAfter(results);
    return ids.length;
  }

  async #notify(): Promise<number> {
    const { knex, logger, runtime, type } = this.#options;
    const ids = await takeRunsToNotify(knex, {
      runtime: type,
      limit: PER_ROUND,
      againAfterMs: NOTIFY_AGAIN_MS,
    });
    const results = await Promise.allSettled(
      ids.map(async id => {
        try {
          await runtime.notify(id);
        } catch (error) {
          logger.warn(
            `The runtime "${type}" could not be told of a signal: ${(error as Error).message}`,
            { runId: id },
          );
          await returnSignals(knex, id);
          throw error;
        }
      }),
    );
    this.#checkHealthAfter(results);
    return ids.length;
  }

  #checkHealthAfter(results: Array<PromiseSettledResult<void>>): void {
    if (results.some(result => result.status === 'rejected')) {
      this.#healthAt = -Infinity;
      // Not again at once: the loop pauses longer and longer.
      throw new Error('the runtime refused some of them');
    }
  }
}
