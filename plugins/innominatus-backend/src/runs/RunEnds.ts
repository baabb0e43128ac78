import { LoggerService } from '@backstage/backend-plugin-api';
import { RunSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { isPostgres, nowMs, nowPlusMs } from '../database';
import { loop, RunChanges, WakeUp } from '../engine';
import { RunStore } from './RunStore';

const POLL_MS = 2000;
const RUNS_PER_ROUND = 200;
/** Others leave a run alone for this long while its handlers work. */
const LEASE_MS = 60_000;
const RETRY_AFTER_MS = 10_000;

export interface RunEndsOptions {
  knex: Knex;
  store: RunStore;
  changes: RunChanges;
  logger: LoggerService;
}

/**
 * Tells handlers about runs that ended, at least once each: a run is marked
 * only after all handlers are done, and runs without the mark are looked for
 * again and again, also after a restart.
 */
export class RunEnds {
  readonly #options: RunEndsOptions;
  readonly #handlers: Array<(run: RunSummary) => Promise<void>> = [];
  readonly #stop = new AbortController();
  readonly #wakeUp = WakeUp.create();
  #stopListening: (() => void) | undefined;
  #loop: Promise<void> | undefined;

  static create(options: RunEndsOptions): RunEnds {
    return new RunEnds(options);
  }

  private constructor(options: RunEndsOptions) {
    this.#options = options;
  }

  addHandler(handler: (run: RunSummary) => Promise<void>): void {
    this.#handlers.push(handler);
  }

  /** All handlers have to be there by now. */
  start(): void {
    const { changes, logger } = this.#options;
    this.#stopListening = changes.onEnd(() => this.#wakeUp.wake());
    this.#loop = loop({
      task: 'handle the end of runs',
      logger,
      signal: this.#stop.signal,
      intervalMs: POLL_MS,
      wake: this.#wakeUp,
      run: () => this.#handleSome(),
    });
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    this.#stop.abort();
    await this.#loop;
  }

  async #handleSome(): Promise<boolean> {
    const { knex, store } = this.#options;
    const ids = await this.#claim();
    if (ids.length === 0) {
      return false;
    }
    const runs = await store.summaries(ids);
    const handled: string[] = [];
    for (const id of ids) {
      const run = runs.get(id);
      if (!run || (await this.#handle(run))) {
        handled.push(id);
      }
    }
    await knex('workflow_runs')
      .whereIn('id', handled)
      .update({ end_handled: true });
    return ids.length === RUNS_PER_ROUND;
  }

  async #claim(): Promise<string[]> {
    const { knex } = this.#options;
    const lock = isPostgres(knex) ? 'for update skip locked' : '';
    const now = nowMs(knex);
    const result = await knex.raw(
      `with claimable as (
         select id from workflow_runs
         where ended_at is not null and end_handled = false
           and (end_retry_at is null or end_retry_at <= ?)
         order by number limit ? ${lock}
       )
       update workflow_runs set end_retry_at = ?
       where id in (select id from claimable)
       returning id, number`,
      [now, RUNS_PER_ROUND, nowPlusMs(knex, LEASE_MS)],
    );
    const rows: Array<{ id: string; number: number }> = isPostgres(knex)
      ? result.rows
      : result;
    return rows
      .sort((left, right) => left.number - right.number)
      .map(row => row.id);
  }

  /** Answers `false` when it has to be done again. */
  async #handle(run: RunSummary): Promise<boolean> {
    const { knex, logger } = this.#options;
    try {
      for (const handler of this.#handlers) {
        await handler(run);
      }
      return true;
    } catch (error) {
      logger.error(
        `The end of run ${run.number} could not be handled, trying again: ${(error as Error).message}`,
        { runId: run.id },
      );
      await knex('workflow_runs')
        .where({ id: run.id })
        .update({ end_retry_at: nowPlusMs(knex, RETRY_AFTER_MS) });
      return false;
    }
  }
}
