import { LoggerService, SchedulerService } from '@backstage/backend-plugin-api';
import { Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import { SecretStore } from '../secrets';
import {
  ExpiredRun,
  ExpiredRunsOptions,
  RetentionStore,
} from './RetentionStore';

const DAY_MS = 24 * 60 * 60 * 1000;
const PAGE = 200;

export interface RetentionOptions {
  store: RetentionStore;
  secrets: Pick<SecretStore, 'deleteByPrefix'>;
  logger: LoggerService;
  /** How long ended runs are kept. */
  runsMs: number;
  /** How long the logs of ended runs are kept. */
  logsMs: number;
  /** How long ended runs are kept that nobody asked for. */
  checksMs: number;
}

/** Keeps the tables from growing for ever. */
export class Retention {
  readonly #options: RetentionOptions;
  /** Up to this run no log is left; a new process looks once from the beginning. */
  #lastWithoutLog: ExpiredRun | undefined;

  static fromConfig(
    config: Config,
    options: Omit<RetentionOptions, 'runsMs' | 'logsMs' | 'checksMs'>,
  ): Retention {
    return new Retention({
      ...options,
      runsMs: readAge(config, 'innominatus.retention.runs', 90),
      logsMs: readAge(config, 'innominatus.retention.logs', 30),
      checksMs: readAge(config, 'innominatus.retention.checks', 1),
    });
  }

  private constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** One replica every hour. */
  async schedule(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: 'innominatus-retention',
      scope: 'global',
      frequency: { hours: 1 },
      timeout: { minutes: 50 },
      initialDelay: { minutes: 1 },
      fn: async signal => {
        await this.runOnce(signal);
      },
    });
  }

  async runOnce(
    signal?: AbortSignal,
  ): Promise<{ runs: number; logLines: number }> {
    const { store, logger, logsMs } = this.#options;
    // Runs first: their logs go with them. Nested runs end before their parents
    // and are deleted after them, hence level by level.
    let runs = 0;
    let level: number;
    do {
      level = await this.#deleteRuns(signal);
      runs += level;
    } while (level > 0);

    let logLines = 0;
    await eachRun({
      signal,
      after: this.#lastWithoutLog,
      page: after => store.runsPastLogs({ ageMs: logsMs, after, limit: PAGE }),
      handle: async run => {
        if (run.hasLog) {
          logLines += await store.deleteLogs(run.id, signal);
        }
        if (!signal?.aborted) {
          this.#lastWithoutLog = run;
        }
      },
    });
    await store.maintain();
    if (runs > 0 || logLines > 0) {
      logger.info(
        `Retention deleted ${runs} runs, and ${logLines} log lines of others`,
      );
    }
    return { runs, logLines };
  }

  async #deleteRuns(signal?: AbortSignal): Promise<number> {
    const { runsMs, checksMs } = this.#options;
    const checks = { ageMs: checksMs, onlyChecks: true };
    return (
      (await this.#deleteExpired(checks, signal)) +
      (await this.#deleteExpired({ ageMs: runsMs }, signal))
    );
  }

  async #deleteExpired(
    which: Pick<ExpiredRunsOptions, 'ageMs' | 'onlyChecks'>,
    signal?: AbortSignal,
  ): Promise<number> {
    const { store, secrets } = this.#options;
    let deleted = 0;
    await eachRun({
      signal,
      page: after => store.expiredRuns({ ...which, after, limit: PAGE }),
      handle: async run => {
        await secrets.deleteByPrefix(`run/${run.id}/`);
        deleted += (await store.deleteRun(run.id, signal)) ? 1 : 0;
      },
    });
    return deleted;
  }
}

async function eachRun<T extends ExpiredRun>(options: {
  signal: AbortSignal | undefined;
  after?: ExpiredRun;
  page: (after: ExpiredRun | undefined) => Promise<T[]>;
  handle: (run: T) => Promise<void>;
}): Promise<void> {
  const { signal, page, handle } = options;
  let { after } = options;
  for (;;) {
    const runs = await page(after);
    for (const run of runs) {
      if (signal?.aborted) {
        return;
      }
      await handle(run);
      after = run;
    }
    if (runs.length === 0) {
      return;
    }
  }
}

function readAge(config: Config, key: string, defaultDays: number): number {
  if (!config.has(key)) {
    return defaultDays * DAY_MS;
  }
  const ms = durationToMilliseconds(readDurationFromConfig(config, { key }));
  if (!(ms >= 60_000)) {
    throw new Error(
      `The value of "${key}" is shorter than a minute. Expected for example "${defaultDays} days".`,
    );
  }
  return ms;
}
