import { LoggerService } from '@backstage/backend-plugin-api';
import {
  InterruptAction,
  RunCommand,
  RunEvent,
  RunState,
  StepDefinition,
  evolve,
  isRunEnded,
  takeTurn,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AbortCause, AbortCauses } from './abort';
import { ClaimedRun } from './claims';
import { isProgress, Journal, LeaseLostError } from './Journal';
import { pause, WakeUp } from './loop';
import { lastWord, lostSteps } from './lostSteps';
import { RowLag } from './RowLag';
import { RunningSteps } from './RunningSteps';
import { RunScope } from './StepExecutor';
import { RunSignal } from './signals';

/** A run whose next timer is further away is let go until then. */
const HOLD_MS = 5_000;
const RETRY_MS = 500;
/** A run that no worker can carry on must not keep all of them busy. */
const FAILED_PAUSE_MS = 15_000;

type StartStep = Extract<RunCommand, { type: 'StartStep' }>;

/** What a worker asks of the runtime that owns it. */
export interface RunWorkerHost {
  journal: Journal;
  now: () => number;
  logger: LoggerService;
  interruptAction: (step: StepDefinition | undefined) => InterruptAction;
  createSteps: (options: {
    state: RunScope['state'];
    /** What earlier owners recorded. */
    recorded: RunState | undefined;
    onOver: (event: RunEvent | undefined) => void;
  }) => Promise<RunningSteps>;
  pendingSignals: () => Promise<RunSignal[]>;
  /** Answers `false` when a signal came in meanwhile. */
  release: (wakeAt: number | undefined) => Promise<boolean>;
  /** Before the signals are read again. Answers `false` when the run is lost. */
  acknowledgeWakeUp: () => Promise<boolean>;
  /** The next worker may begin after the pause. */
  handOver: (pauseMs: number) => Promise<void>;
  onWritten: (version: number, state: RunState) => void;
}

/**
 * Moves one run forward while this process owns it.
 *
 * Everything that happens goes through one inbox. A turn takes what is in it,
 * lets the reducer decide, writes all events of the turn in one batch, and only
 * then starts what was decided. So the end of a step and the start of the next
 * are one write, and no step starts that the journal does not know of.
 */
export class RunWorker {
  readonly #run: ClaimedRun;
  readonly #host: RunWorkerHost;
  readonly #wakeUp = WakeUp.create();
  readonly #stop = new AbortController();
  readonly #seenSignals = new Set<string>();
  readonly #row = RowLag.create();
  #inbox: RunEvent[] = [];
  #state: RunState | undefined;
  #seq: number;
  #version: number;
  #steps: RunningSteps | undefined;
  #draining = false;
  #abandoned = false;
  #released = false;
  #hasEnded = false;

  static create(run: ClaimedRun, host: RunWorkerHost): RunWorker {
    return new RunWorker(run, host);
  }

  private constructor(run: ClaimedRun, host: RunWorkerHost) {
    this.#run = run;
    this.#host = host;
    this.#seq = run.seq;
    this.#version = run.version;
  }

  get runId(): string {
    return this.#run.lease.runId;
  }

  /** The end of the run is on disk; what is left takes no place of a run. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves when the run ended or was let go; never rejects. */
  async work(): Promise<void> {
    let pauseMs = 0;
    try {
      await this.#takeOver();
      while (!this.#stop.signal.aborted && !(await this.#rest())) {
        await this.#turn();
      }
    } catch (error) {
      this.#stop.abort();
      if (!(error instanceof LeaseLostError) && !this.#abandoned) {
        pauseMs = FAILED_PAUSE_MS;
        this.#host.logger.error(
          `Run ${this.#run.number} is handed over after an error: ${(error as Error).message}`,
          { runId: this.runId },
        );
      }
    }
    if (!this.#released && !(this.#state && isRunEnded(this.#state))) {
      await this.#letGo(pauseMs);
    }
    this.#steps?.close();
  }

  deliver(signals: RunSignal[]): void {
    for (const signal of signals) {
      if (!this.#seenSignals.has(signal.id)) {
        this.#seenSignals.add(signal.id);
        this.#enqueue({ ...signal, type: 'Signal' });
      }
    }
  }

  /** No new steps; the run is handed over when the running ones have ended. */
  drain(): void {
    this.#draining = true;
    this.#steps?.abortResumable();
    this.#wakeUp.wake();
  }

  /** The time for running steps is over; what they still answer is recorded. */
  interrupt(): void {
    this.#steps?.abortAll(AbortCauses.shutdown, 'This backend shuts down.');
  }

  /** Stops now: steps are told to stop, nothing more is written. */
  abandon(cause: AbortCause, message: string): void {
    this.#abandoned = true;
    this.#steps?.abortAll(cause, message);
    this.#stop.abort();
  }

  /**
   * Another worker owns the run, or this one ends it or lets it go right now;
   * then no step is in progress and stopping is no loss.
   */
  noticeLeaseLost(): void {
    if (!this.#released) {
      this.abandon(
        AbortCauses.leaseLost,
        'Another worker has taken over the run.',
      );
    }
  }

  async #takeOver(): Promise<void> {
    const { isFresh } = this.#run;
    const events =
      this.#run.seq > 0 ? await this.#host.journal.read(this.runId) : [];
    for (const event of events) {
      this.#state = evolve(this.#state, event);
    }
    this.#seq = events.length;
    if (events.length > this.#run.seq) {
      this.#row.noteLeft();
    }
    const at = this.#host.now();
    const first: RunEvent[] = this.#state
      ? lostSteps({
          state: this.#state,
          at,
          interruptAction: this.#host.interruptAction,
        })
      : [
          {
            type: 'RunStarted',
            at,
            definition: this.#run.definition,
            input: this.#run.input,
            carried: this.#run.carried,
          },
        ];
    this.#steps = await this.#host.createSteps({
      state: () => this.#requireState(),
      recorded: this.#state,
      onOver: event => this.#enqueue(event),
    });
    if (!isFresh) {
      this.deliver(await this.#host.pendingSignals());
    }
    this.#inbox.unshift(...first);
    await this.#turn();
  }

  async #turn(): Promise<void> {
    const inbox = this.#inbox.splice(0);
    const before = this.#state;
    const { state, events, starts, commands } = takeTurn({
      state: before,
      inbox,
      now: this.#host.now(),
      holdStarts: this.#draining,
    });
    const signals = inbox.flatMap(event =>
      event.type === 'Signal' ? [event.id] : [],
    );
    if (events.length > 0 || signals.length > 0 || this.#row.dueInMs === 0) {
      await this.#append({ events, before, state, signals });
    }
    this.#state = state;
    this.#carryOut(starts, commands);
  }

  #carryOut(starts: StartStep[], commands: RunCommand[]): void {
    const definitions = this.#requireState().definition.steps;
    for (const command of starts) {
      const definition = definitions.find(step => step.name === command.step);
      if (definition) {
        this.#steps?.start({
          definition,
          attempt: command.attempt,
          key: command.key,
          resumed: command.resume === 'resume',
        });
      }
    }
    for (const command of commands) {
      if (command.type === 'CancelStep') {
        this.#steps?.cancel(command);
      }
    }
  }

  /**
   * Tries until the batch is written: a database that is away for a moment
   * must not lose the work of a step. The lease ends this, if it runs out.
   */
  async #append(batch: {
    events: RunEvent[];
    before: RunState | undefined;
    state: RunState;
    signals: string[];
  }): Promise<void> {
    const progress = this.#row.mayGrow && isProgress(batch);
    for (;;) {
      this.#stop.signal.throwIfAborted();
      try {
        await this.#host.journal.append({
          lease: this.#run.lease,
          afterSeq: this.#seq,
          ...batch,
          progress,
        });
        break;
      } catch (error) {
        if (error instanceof LeaseLostError) {
          this.#steps?.abortAll(AbortCauses.leaseLost, error.message);
          throw error;
        }
        this.#host.logger.warn(
          `Events of run ${this.#run.number} could not be written, trying again: ${(error as Error).message}`,
          { runId: this.runId },
        );
        await pause(RETRY_MS, this.#stop.signal);
      }
    }
    this.#seq += batch.events.length;
    if (progress) {
      this.#row.noteLeft();
      return;
    }
    this.#row.noteWritten();
    this.#version += 1;
    this.#hasEnded = isRunEnded(batch.state);
    this.#host.onWritten(this.#version, batch.state);
  }

  /** Waits for the next thing to do. Answers `true` when the run is let go. */
  async #rest(): Promise<boolean> {
    const state = this.#requireState();
    if (isRunEnded(state)) {
      return true;
    }
    const idle = this.#inbox.length === 0 && !this.#steps?.isBusy;
    if (idle && this.#draining) {
      return true;
    }
    const next = Math.min(Infinity, ...Object.values(state.timers));
    const waitMs = next - this.#host.now();
    if (idle && waitMs > HOLD_MS && !this.#row.isBehind) {
      const wakeAt = Number.isFinite(next) ? next : undefined;
      this.#released = await this.#host.release(wakeAt);
      if (this.#released) {
        return true;
      }
      if (!(await this.#host.acknowledgeWakeUp())) {
        throw new LeaseLostError(this.runId);
      }
      this.deliver(await this.#host.pendingSignals());
      return false;
    }
    const pauseMs = Math.min(waitMs, this.#row.dueInMs);
    if (this.#inbox.length === 0 && pauseMs > 0) {
      await pause(pauseMs, this.#stop.signal, this.#wakeUp);
    }
    return false;
  }

  /** Another worker goes on, but not beside steps that still run here. */
  async #letGo(pauseMs: number): Promise<void> {
    await this.#steps?.settled();
    if (this.#draining && this.#state) {
      await this.#recordLastWord(this.#state);
    }
    await this.#host.handOver(pauseMs).catch(error => {
      this.#host.logger.debug(
        `Run ${this.#run.number} is free when its lease runs out: ${error.message}`,
        { runId: this.runId },
      );
    });
  }

  /** So that the next worker need not guess why steps did not end. */
  async #recordLastWord(before: RunState): Promise<void> {
    const { journal, now, interruptAction, logger } = this.#host;
    const { events, state } = lastWord({
      before,
      inbox: this.#inbox.splice(0),
      at: now(),
      interruptAction,
    });
    if (events.length === 0 && !this.#row.isBehind) {
      return;
    }
    const written = journal.append({
      lease: this.#run.lease,
      afterSeq: this.#seq,
      events,
      before,
      state,
      signals: [],
    });
    await written.then(
      () => this.#host.onWritten(this.#version + 1, state),
      error => logger.debug(`Run ${this.#run.number}: ${error.message}`),
    );
  }

  #enqueue(event: RunEvent | undefined): void {
    if (event) {
      this.#inbox.push(event);
    }
    this.#wakeUp.wake();
  }

  #requireState(): RunState {
    if (!this.#state) {
      throw new Error(`Run "${this.runId}" has no state yet`);
    }
    return this.#state;
  }
}
