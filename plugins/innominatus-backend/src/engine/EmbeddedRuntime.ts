import { LoggerService } from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import {
  RuntimeHealth,
  StepRunner,
  WorkflowRuntime,
} from '@innominatus/backstage-plugin-innominatus-node';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Knex } from 'knex';
import { DatabaseClock } from '../database';
import { SecretStore } from '../secrets/types';
import { createStepRunner } from '../stepRunners';
import { StepTypeRegistry } from '../stepTypes/StepTypeRegistry';
import { AbortCauses } from './abort';
import { claimRuns, ClaimedRun, hasClaimableRuns, renewLeases } from './claims';
import { createRunWorker } from './createRunWorker';
import { DatabaseJournal } from './DatabaseJournal';
import { DatabaseLogStore } from './LogStore';
import { Journal } from './Journal';
import { loop, pause, WakeUp } from './loop';
import { RunAdmission } from './RunAdmission';
import { RunChanges, RunNotice } from './RunChanges';
import { RunPlace } from './RunPlaces';
import { RunWorker } from './RunWorker';
import { pendingSignals } from './signals';
import { StepExecutor } from './StepExecutor';
import { Workspaces } from './Workspaces';

/** Looked for work at least this often, also when no notice arrives. */
const POLL_MS = 1000;
/** Nested runs do not count against the concurrency: their parents wait. */
const NESTED_RUNS_PER_CLAIM = 50;
export interface EmbeddedRuntimeOptions {
  knex: Knex;
  stepTypes: StepTypeRegistry;
  secrets: SecretStore;
  changes: RunChanges;
  logger: LoggerService;
  /** Default: {@link DatabaseJournal}. */
  journal?: Journal;
  /** Default: a folder for temporary files. */
  workspaces?: Workspaces;
  /** Default: the local one, without any program that may run. */
  stepRunner?: StepRunner;
  /** Runs that this process works on at the same time (default 20). */
  concurrency?: number;
  /** After this time without a sign of life others take over (default 10 s). */
  leaseMs?: number;
  /** How long running steps may go on when the backend stops (default 20 s). */
  shutdownGraceMs?: number;
  /** How long a step that was told to stop at once may take (default 10 s). */
  stopGraceMs?: number;
  /** What an attempt may write to its log (default 10 MB). */
  maxLogBytes?: number;
}

/**
 * Works on runs inside of the backend process.
 *
 * Any number of processes may share a database. Each claims runs and keeps its
 * leases alive; a run whose owner is gone is claimed by another when its lease
 * has run out. What it recorded is replayed, and what was in progress goes on as
 * its step type says.
 */
export class EmbeddedRuntime implements WorkflowRuntime {
  readonly #options: EmbeddedRuntimeOptions;
  readonly #owner = `${hostname()}/${process.pid}/${randomUUID()}`;
  readonly #clock: DatabaseClock;
  readonly #executor: StepExecutor;
  readonly #workspaces: Workspaces;
  readonly #stepRunner: StepRunner;
  readonly #journal: Journal;
  readonly #leaseMs: number;
  readonly #stopGraceMs: number;
  readonly #shutdownGraceMs: number;
  readonly #workers = new Map<RunWorker, Promise<void>>();
  readonly #runs = new Map<RunWorker, ClaimedRun>();
  readonly #wakeUp = WakeUp.create();
  readonly #claiming = new AbortController();
  readonly #renewing = new AbortController();
  #loops: Promise<void>[] = [];
  #stopListening: (() => void) | undefined;
  #renewedAt = 0;
  /** Places given away for runs that are being created. */
  #reserved = 0;
  #isStarted = false;
  /** Runs may be waiting for a place of this process. */
  #hasBacklog = true;
  #isWorkNoticed = true;
  #isSignalNoticed = true;
  #lookedAt = -Infinity;

  static create(options: EmbeddedRuntimeOptions): EmbeddedRuntime {
    return new EmbeddedRuntime(options);
  }

  private constructor(options: EmbeddedRuntimeOptions) {
    this.#options = options;
    this.#clock = DatabaseClock.create(options.knex);
    this.#journal = options.journal ?? DatabaseJournal.create(options.knex);
    this.#leaseMs = options.leaseMs ?? 10_000;
    this.#stopGraceMs = options.stopGraceMs ?? 10_000;
    this.#shutdownGraceMs = options.shutdownGraceMs ?? 20_000;
    this.#workspaces = options.workspaces ?? Workspaces.create();
    this.#stepRunner =
      options.stepRunner ??
      createStepRunner({
        config: new ConfigReader({}),
        logger: options.logger,
      });
    this.#executor = StepExecutor.create({
      stepTypes: options.stepTypes,
      stepRunner: this.#stepRunner,
      workspaces: this.#workspaces,
      logger: options.logger,
      maxLogBytes: options.maxLogBytes ?? 10 * 1024 * 1024,
      shutdownGraceMs: this.#shutdownGraceMs,
    });
  }

  async start(): Promise<void> {
    const { logger, changes } = this.#options;
    await this.#clock.sync();
    this.#stopListening = changes.onWork(notice => this.#notice(notice));
    this.#isStarted = true;
    this.#loops = [
      loop({
        task: 'look for runs to work on',
        logger,
        signal: this.#claiming.signal,
        intervalMs: POLL_MS,
        wake: this.#wakeUp,
        run: () => this.#look(),
      }),
      RunAdmission.create(this.#options).run(this.#claiming.signal),
      loop({
        task: 'renew the leases of runs',
        logger,
        signal: this.#renewing.signal,
        intervalMs: this.#leaseMs / 3,
        run: () => this.#renew(),
      }),
      this.#watchLeases(),
    ];
  }

  /**
   * Claims nothing more, lets running steps end within the time for a
   * shutdown, and hands the runs over.
   */
  async stop(): Promise<void> {
    this.#claiming.abort();
    this.#stopListening?.();
    for (const worker of this.#workers.keys()) {
      worker.drain();
    }
    await this.#workersEnd(this.#shutdownGraceMs);
    for (const worker of this.#workers.keys()) {
      worker.interrupt();
    }
    await this.#workersEnd(this.#stopGraceMs);
    for (const worker of this.#workers.keys()) {
      worker.abandon(AbortCauses.shutdown, 'This backend shuts down.');
    }
    await this.#workersEnd(2 * this.#stopGraceMs);
    this.#renewing.abort();
    // A database that does not answer must not keep the process alive.
    await within(Promise.all(this.#loops), this.#stopGraceMs);
    this.#options.changes.publish({ kind: 'work' });
  }

  /** Runs are found in the database; this only makes it quicker. */
  async submit(_runId: string): Promise<void> {
    this.#notice({ kind: 'work' });
  }

  async notify(runId: string): Promise<void> {
    this.#notice({ kind: 'signal', runId });
  }

  async health(): Promise<RuntimeHealth> {
    const silentMs = performance.now() - this.#renewedAt;
    return silentMs <= this.#leaseMs
      ? { ok: true }
      : {
          ok: false,
          message: `The database has not answered for ${Math.round(silentMs / 1000)} s.`,
        };
  }

  /**
   * A place for a run that is about to be created here. A run that would
   * overtake others gets none.
   */
  reserve(options: { nested: boolean }): RunPlace | undefined {
    if (!this.#isStarted || this.#claiming.signal.aborted) {
      return undefined;
    }
    const counts = !options.nested;
    if (counts && (this.#hasBacklog || this.#freePlaces() <= 0)) {
      this.#hasBacklog = true;
      return undefined;
    }
    let isOpen = true;
    const close = () => {
      this.#reserved -= isOpen && counts ? 1 : 0;
      isOpen = false;
    };
    this.#reserved += counts ? 1 : 0;
    return {
      owner: this.#owner,
      leaseMs: this.#leaseMs,
      begin: run => {
        close();
        this.#workOn(run);
      },
      release: close,
    };
  }

  #freePlaces(): number {
    const { concurrency = 20 } = this.#options;
    let used = this.#reserved;
    for (const [worker, run] of this.#runs) {
      used += run.depth === 0 && !worker.hasEnded ? 1 : 0;
    }
    return concurrency - used;
  }

  #notice(notice: RunNotice): void {
    // A signal may be for a run that nobody works on at the moment.
    this.#isWorkNoticed = true;
    this.#isSignalNoticed ||= notice.kind === 'signal';
    this.#wakeUp.wake();
  }

  /**
   * Claims runs and delivers signals, as far as somebody said that there are
   * any, and now and then in any case. Answers `true` when there may be more.
   */
  async #look(): Promise<boolean> {
    const isDue = performance.now() - this.#lookedAt >= POLL_MS / 2;
    const forSignals = this.#isSignalNoticed || isDue;
    const forWork = this.#isWorkNoticed || isDue;
    this.#isSignalNoticed = false;
    this.#isWorkNoticed = false;
    try {
      if (forSignals) {
        await this.#deliverSignals();
      }
      return forWork ? await this.#claimFree() : false;
    } catch (error) {
      this.#isSignalNoticed ||= forSignals;
      this.#isWorkNoticed ||= forWork;
      throw error;
    } finally {
      if (isDue) {
        this.#lookedAt = performance.now();
      }
    }
  }

  async #deliverSignals(): Promise<void> {
    const workers = [...this.#workers.keys()];
    const signals = await pendingSignals(
      this.#options.knex,
      workers.map(worker => worker.runId),
    );
    for (const worker of workers) {
      worker.deliver(signals.get(worker.runId) ?? []);
    }
  }

  async #claimFree(): Promise<boolean> {
    const free = this.#freePlaces();
    let isFull = free <= 0;
    if (!isFull) {
      // Until it is known, no run that starts here may overtake others.
      this.#hasBacklog = true;
      isFull = await this.#claim(free, false);
    }
    this.#hasBacklog = isFull && (await hasClaimableRuns(this.#options.knex));
    return this.#claim(NESTED_RUNS_PER_CLAIM, true);
  }

  async #claim(limit: number, nested: boolean): Promise<boolean> {
    if (this.#claiming.signal.aborted) {
      return false;
    }
    const { knex } = this.#options;
    const runs = await claimRuns(knex, {
      owner: this.#owner,
      leaseMs: this.#leaseMs,
      limit,
      nested,
    });
    for (const run of runs) {
      this.#workOn(run);
    }
    return runs.length === limit;
  }

  #workOn(run: ClaimedRun): void {
    const { knex, secrets, changes, logger, stepTypes } = this.#options;
    const worker = createRunWorker(run, {
      knex,
      secrets,
      changes,
      logger,
      journal: this.#journal,
      executor: this.#executor,
      workspaces: this.#workspaces,
      stepRunner: this.#stepRunner,
      logStore: DatabaseLogStore.create(knex),
      now: () => this.#clock.now(),
      // The work of a type that is gone cannot be picked up; running it again
      // fails the step with a message that says why. An undo may always be
      // called again.
      interruptAction: step =>
        step && !step.undo
          ? (stepTypes.get(step.type)?.onInterrupt ?? 'rerun')
          : 'rerun',
      stopGraceMs: this.#stopGraceMs,
    });
    this.#runs.set(worker, run);
    this.#workers.set(
      worker,
      worker.work().finally(() => {
        this.#workers.delete(worker);
        this.#runs.delete(worker);
        if (run.grouped) {
          // The next run of the same groups may begin, here or elsewhere.
          changes.publish({ kind: 'groups' });
        }
        if (this.#hasBacklog) {
          this.#isWorkNoticed = true;
          this.#wakeUp.wake();
        }
      }),
    );
    if (this.#claiming.signal.aborted) {
      worker.drain();
    }
  }

  async #renew(): Promise<void> {
    const { knex } = this.#options;
    const begunAt = performance.now();
    const workers = [...this.#workers.keys()];
    if (workers.length > 0) {
      const owned = await renewLeases(knex, {
        owner: this.#owner,
        leaseMs: this.#leaseMs,
        runIds: workers.map(worker => worker.runId),
      });
      for (const worker of workers) {
        if (!owned.has(worker.runId) && this.#workers.has(worker)) {
          worker.noticeLeaseLost();
        }
      }
    }
    await this.#clock.sync();
    this.#renewedAt = begunAt;
  }

  /**
   * Stops the steps of a process that cannot reach the database any more: when
   * its leases have run out, others go on with the runs.
   */
  async #watchLeases(): Promise<void> {
    const { signal } = this.#renewing;
    this.#renewedAt = performance.now();
    while (!signal.aborted) {
      await pause(this.#leaseMs / 4, signal);
      if (performance.now() - this.#renewedAt > this.#leaseMs) {
        for (const worker of this.#workers.keys()) {
          worker.abandon(
            AbortCauses.leaseLost,
            'The database could not be reached for longer than a lease.',
          );
        }
      }
    }
  }

  async #workersEnd(timeoutMs: number): Promise<void> {
    await within(Promise.all(this.#workers.values()), timeoutMs);
  }
}

/** Resolves when the work is done or the time is over. */
async function within(
  work: Promise<unknown>,
  timeoutMs: number,
): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, pause(timeoutMs, over.signal)]);
  over.abort();
}
