import {
  AnalyzeScoreOptions,
  ObservedDuration,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { toNumber } from '../database';
import { RunStore } from '../runs';

type History = NonNullable<AnalyzeScoreOptions['history']>;

/** Runs whose steps are looked at; each is read from the journal. */
const RECENT_RUNS = 25;
const RECENT_RESOURCES = 500;
/** Medians move slowly, and an editor may ask often. */
const KEPT_MS = 60_000;

export interface DurationHistoryOptions {
  knex: Knex;
  runs: Pick<RunStore, 'list' | 'get'>;
  now?: () => number;
}

/**
 * How long steps took by type, and resources until they were active. Only
 * what succeeded counts: a failure ends early and says nothing.
 */
export class DurationHistory {
  readonly #knex: Knex;
  readonly #runs: DurationHistoryOptions['runs'];
  readonly #now: () => number;
  #kept?: { until: number; history: Promise<History> };

  static create(options: DurationHistoryOptions): DurationHistory {
    return new DurationHistory(options);
  }

  private constructor(options: DurationHistoryOptions) {
    this.#knex = options.knex;
    this.#runs = options.runs;
    this.#now = options.now ?? Date.now;
  }

  read(): Promise<History> {
    if (!this.#kept || this.#kept.until <= this.#now()) {
      const history = this.#read();
      const kept = { until: this.#now() + KEPT_MS, history };
      this.#kept = kept;
      history.catch(() => {
        if (this.#kept === kept) {
          this.#kept = undefined;
        }
      });
    }
    return this.#kept.history;
  }

  async #read(): Promise<History> {
    const [steps, resources] = [await this.#steps(), await this.#resources()];
    return { steps: medians(steps), resources: medians(resources) };
  }

  async #steps(): Promise<Map<string, number[]>> {
    const { items } = await this.#runs.list({
      limit: RECENT_RUNS,
      filter: { status: ['succeeded'] },
      sort: '-createdAt',
    });
    const durations = new Map<string, number[]>();
    for (const { id } of items) {
      const run = await this.#runs.get(id);
      for (const step of run?.steps ?? []) {
        // A step that was taken over did nothing in this run.
        if (
          step.status === 'succeeded' &&
          !step.carried &&
          step.startedAt &&
          step.endedAt
        ) {
          add(
            durations,
            step.type,
            Date.parse(step.endedAt) - Date.parse(step.startedAt),
          );
        }
      }
    }
    return durations;
  }

  async #resources(): Promise<Map<string, number[]>> {
    const rows: Array<{
      type: string;
      ended_at: number | string;
      started_at: number | string | null;
    }> = await this.#knex('resource_transitions as ended')
      .join('resources', 'resources.id', 'ended.resource_id')
      .where('ended.from_state', 'provisioning')
      .where('ended.to_state', 'active')
      .orderBy('ended.at', 'desc')
      .limit(RECENT_RESOURCES)
      .select('resources.type', 'ended.at as ended_at', {
        started_at: this.#knex('resource_transitions as started')
          .whereRaw('started.resource_id = ended.resource_id')
          .whereRaw('started.at <= ended.at')
          .where('started.to_state', 'provisioning')
          .max('started.at'),
      });
    const durations = new Map<string, number[]>();
    for (const row of rows) {
      if (row.started_at !== null) {
        add(
          durations,
          row.type,
          toNumber(row.ended_at) - toNumber(row.started_at),
        );
      }
    }
    return durations;
  }
}

function add(durations: Map<string, number[]>, type: string, ms: number): void {
  const known = durations.get(type);
  if (known) {
    known.push(ms);
  } else {
    durations.set(type, [ms]);
  }
}

function medians(
  durations: Map<string, number[]>,
): Record<string, ObservedDuration> {
  return Object.fromEntries(
    [...durations].map(([type, ms]) => {
      const sorted = [...ms].sort((a, b) => a - b);
      const median = sorted[Math.floor((sorted.length - 1) / 2)];
      // A tenth of a second is as fine as people look.
      return [
        type,
        { seconds: Math.round(median / 100) / 10, samples: sorted.length },
      ];
    }),
  );
}
