import { WorkflowDefinition } from '@innominatus/backstage-plugin-innominatus-common';
import { randomUUID } from 'node:crypto';
import { Knex } from 'knex';
import { DatabaseJournal, RunChanges } from '../../engine';
import { DefaultRunService } from '../../runs';
import { checkRun, Verdict } from './checkRun';
import { createRunService } from './createRunService';
import { FileLedger, LedgerEntry } from './FileLedger';
import { Fleet } from './Fleet';
import { People } from './People';
import { Random } from './randomRuns';
import { quietLogger } from './quietLogger';

export interface ChaosTrialOptions {
  knex: Knex;
  folder: string;
  fleet: Fleet;
  random: Random;
  leaseMs: number;
  kills: number;
  /** Runs in work at the same time. */
  backlog: number;
  /** At least so many runs. */
  runs: number;
  workflow: (random: Random) => WorkflowDefinition;
  /** Shares of actions that are something else than a kill. */
  shares: { stall: number; stop: number; outage: number; cancel: number };
  /** Breaks and mends the database. */
  outage?: () => Promise<void>;
  /** How long the runs have after the last kill. */
  patienceMs: number;
  pauseMs: () => number;
  onProgress?: (counts: ChaosCounts) => void;
}

export interface ChaosCounts {
  kills: number;
  stalls: number;
  stops: number;
  outages: number;
  cancels: number;
  runs: number;
  ended: number;
}

export interface ChaosResult extends ChaosCounts {
  /** Runs that did not end. */
  lost: string[];
  finishedTwice: number;
  refused: number;
  interrupted: Verdict['interrupted'];
  violations: Array<{ runId: string; violation: string }>;
}

/** There is always something to do, but the machine may be busy. */
const LONGEST_IDLE_MS = 20_000;
const LOOK_EVERY_MS = 300;

/** Lets runs be worked on, kills who works on them, and looks what came of it. */
export class ChaosTrial {
  readonly #options: ChaosTrialOptions;
  readonly #people: People;
  readonly #runs: DefaultRunService;
  readonly #open = new Map<string, Parameters<DefaultRunService['start']>[0]>();
  readonly #ids: string[] = [];
  readonly #counts: ChaosCounts = {
    kills: 0,
    stalls: 0,
    stops: 0,
    outages: 0,
    cancels: 0,
    runs: 0,
    ended: 0,
  };

  static async run(options: ChaosTrialOptions): Promise<ChaosResult> {
    return await new ChaosTrial(options).#run();
  }

  private constructor(options: ChaosTrialOptions) {
    this.#options = options;
    this.#runs = createRunService({
      knex: options.knex,
      changes: RunChanges.create({}),
      logger: quietLogger,
    });
    const { knex, random } = options;
    this.#people = People.create({ knex, random, runs: this.#runs });
  }

  async #run(): Promise<ChaosResult> {
    const { kills, runs, fleet, patienceMs, pauseMs } = this.#options;
    while (this.#counts.kills < kills || this.#ids.length < runs) {
      await this.#patiently(() => this.#refill());
      await pause(pauseMs());
      if (this.#counts.kills < kills) {
        await this.#strike();
      }
      await this.#look();
    }
    const deadline = performance.now() + patienceMs;
    while (this.#open.size > 0 && performance.now() < deadline) {
      await pause(200);
      await this.#look();
    }
    await fleet.close();
    return await this.#judge();
  }

  /** Half of the runs are made by backends, which may die of it. */
  async #refill(): Promise<void> {
    const { backlog, random, workflow, fleet } = this.#options;
    while (this.#open.size < backlog) {
      const run = {
        runId: randomUUID(),
        definition: workflow(random),
        initiator: 'user:default/jane',
        parameters: { yes: true, no: false },
      };
      this.#open.set(run.runId, run);
      this.#ids.push(run.runId);
      this.#counts.runs += 1;
      if (random() < 0.5) {
        fleet.send(Math.floor(random() * fleet.size), run);
      } else {
        await this.#runs.start(run);
      }
    }
  }

  async #strike(): Promise<void> {
    const { random, fleet, leaseMs, shares, outage } = this.#options;
    const victim = Math.floor(random() * fleet.size);
    if (random() < 0.85) {
      // Now and then one dies while it starts.
      await fleet.ready(victim);
      await this.#isAtWork(victim);
      await pause(random() * 20);
    }
    let draw = random();
    const falls = (share: number) => {
      draw -= share;
      return draw < 0;
    };
    if (falls(shares.stall)) {
      this.#counts.stalls += 1;
      fleet.stall(victim, leaseMs * (1.5 + random() * 1.5));
    } else if (falls(shares.stop)) {
      this.#counts.stops += 1;
      await fleet.stop(victim);
    } else if (outage && (this.#owesOutage() || falls(shares.outage))) {
      this.#counts.outages += 1;
      await outage();
    } else if (falls(shares.cancel)) {
      const ids = [...this.#open.keys()];
      const id = ids[Math.floor(random() * ids.length)];
      this.#counts.cancels += 1;
      await this.#patiently(() => this.#people.cancel(id));
    } else {
      this.#counts.kills += 1;
      await fleet.kill(victim);
    }
    this.#options.onProgress?.(this.#counts);
  }

  /** Chance alone may leave a short trial without any. */
  #owesOutage(): boolean {
    const { kills, outages } = this.#counts;
    return outages === 0 && kills >= this.#options.kills / 2;
  }

  /**
   * The kill of one that does nothing shows nothing. Meanwhile there has to be
   * work: without answers and new runs all of them would wait for people.
   */
  async #isAtWork(victim: number): Promise<void> {
    const { folder, fleet } = this.#options;
    const deadline = performance.now() + LONGEST_IDLE_MS;
    let lookAt = performance.now() + LOOK_EVERY_MS;
    while (performance.now() < deadline) {
      // Asked anew each time: who found no database has been replaced.
      const pid = fleet.pid(victim);
      if (pid !== undefined && FileLedger.isAtWork(folder, pid)) {
        return;
      }
      if (performance.now() >= lookAt) {
        await this.#look();
        await this.#patiently(() => this.#refill());
        lookAt = performance.now() + LOOK_EVERY_MS;
      }
      await pause(5);
    }
  }

  /** What has ended, and what nobody has heard of. */
  async #look(): Promise<void> {
    await this.#patiently(async () => {
      await this.#people.answer(this.#options.shares.cancel);
      const rows: Array<{ id: string; ended_at: unknown }> = await this.#options
        .knex('workflow_runs')
        .whereIn('id', [...this.#open.keys()])
        .select('id', 'ended_at');
      const known = new Map(rows.map(row => [row.id, row.ended_at]));
      for (const [id, run] of [...this.#open]) {
        if (known.get(id)) {
          this.#open.delete(id);
          this.#counts.ended += 1;
        } else if (!known.has(id)) {
          // Perhaps the backend is just about to make it; once is enough.
          await this.#runs.start(run);
        }
      }
    });
  }

  async #judge(): Promise<ChaosResult> {
    const { knex, folder } = this.#options;
    const entries = new Map<string, LedgerEntry[]>();
    for (const entry of FileLedger.read(folder)) {
      entries.set(entry.run, [...(entries.get(entry.run) ?? []), entry]);
    }
    const journal = DatabaseJournal.create(knex);
    const result: ChaosResult = {
      ...this.#counts,
      lost: [...this.#open.keys()],
      finishedTwice: 0,
      refused: 0,
      interrupted: { rerun: 0, resume: 0, hold: 0 },
      violations: [],
    };
    for (const runId of this.#ids) {
      const verdict = checkRun({
        run: await this.#runs.get(runId),
        events: await journal.read(runId),
        entries: entries.get(runId) ?? [],
      });
      result.finishedTwice += verdict.finishedTwice;
      result.refused += verdict.refused;
      for (const action of ['rerun', 'resume', 'hold'] as const) {
        result.interrupted[action] += verdict.interrupted[action];
      }
      for (const violation of verdict.violations) {
        result.violations.push({ runId, violation });
      }
    }
    return result;
  }

  /** The database may be away, or busy with somebody else. */
  async #patiently(work: () => Promise<void>): Promise<void> {
    const deadline = performance.now() + this.#options.patienceMs;
    for (;;) {
      try {
        await work();
        return;
      } catch (error) {
        if (performance.now() > deadline) {
          throw error;
        }
        await pause(100);
      }
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
