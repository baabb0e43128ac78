import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  StepDefinition,
  decide,
} from '@innominatus/backstage-plugin-innominatus-common';
import { StepAssignment } from '@innominatus/backstage-plugin-innominatus-node';
import { DatabaseClock } from '../database';
import { loop, pause } from '../engine';
import { AbortCause, AbortCauses } from '../engine/abort';
import { ClaimedStep, ClaimedStepOptions } from './ClaimedStep';
import { loadClaimedRun } from './loadClaimedRun';
import { RecordedRun } from './RecordedRun';
import { RunRecords } from './RunRecords';
import {
  assignmentKey,
  claimStep,
  dropClaim,
  endClaim,
  lookAtClaim,
  loseClaim,
  renewClaims,
  StepClaim,
  StepOutcomeEvent,
} from './stepClaims';

/** Looked at again at least this often, also when no notice arrives. */
const POLL_MS = 1000;
const RETRY_MS = 500;

export interface ClaimedStepsOptions extends Pick<
  ClaimedStepOptions,
  | 'changes'
  | 'executor'
  | 'interruptAction'
  | 'knex'
  | 'logger'
  | 'secrets'
  | 'stopGraceMs'
> {
  records: RunRecords;
  clock: DatabaseClock;
  leaseMs: number;
  shutdownGraceMs: number;
}

/**
 * Carries out assignments, each at most once among all processes.
 *
 * A process that takes an assignment keeps its claim alive. The same assignment
 * may come again while it is carried out, here or elsewhere; who gets it then
 * waits for the outcome, or finds that the owner is gone and records that.
 */
export class ClaimedSteps {
  readonly #options: ClaimedStepsOptions;
  readonly #owner = `${hostname()}/${process.pid}/${randomUUID()}`;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #claims = new Map<string, StepClaim>();
  readonly #steps = new Map<string, ClaimedStep>();
  readonly #followed = new Set<string>();
  readonly #draining = new AbortController();
  readonly #renewing = new AbortController();
  #loops: Promise<void>[] = [];
  #renewedAt = 0;

  static create(options: ClaimedStepsOptions): ClaimedSteps {
    return new ClaimedSteps(options);
  }

  private constructor(options: ClaimedStepsOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { clock, logger, leaseMs } = this.#options;
    await clock.sync();
    this.#renewedAt = performance.now();
    this.#loops = [
      loop({
        task: 'renew the claims of steps',
        logger,
        signal: this.#renewing.signal,
        intervalMs: leaseMs / 3,
        run: () => this.#renew(),
      }),
      this.#watchClaims(),
    ];
  }

  /** Resolves when the outcome of the assignment is on disk. */
  async execute(assignment: StepAssignment): Promise<void> {
    const key = assignmentKey(assignment);
    const busy = this.#busy.get(key);
    if (busy) {
      return busy;
    }
    const work = this.#execute(assignment).finally(() => {
      this.#busy.delete(key);
    });
    this.#busy.set(key, work);
    return work;
  }

  /** Lets steps end for a while, then hands over what still runs. */
  async drain(): Promise<void> {
    const { shutdownGraceMs, stopGraceMs } = this.#options;
    this.#draining.abort();
    this.#steps.forEach(step => step.abortResumable());
    await this.#settled(shutdownGraceMs);
    this.#abortAll(AbortCauses.shutdown, 'This backend shuts down.');
    await this.#settled(stopGraceMs);
    this.#renewing.abort();
    await Promise.all(this.#loops);
  }

  async #execute(assignment: StepAssignment): Promise<void> {
    const { knex, leaseMs } = this.#options;
    if (this.#draining.signal.aborted) {
      throw new Error('This backend shuts down and begins no more steps');
    }
    const claim = { ...assignment, owner: this.#owner };
    if (await claimStep(knex, { claim, leaseMs })) {
      await this.#carryOut(claim);
    } else {
      await this.#waitForOther(assignment);
    }
  }

  async #carryOut(claim: StepClaim): Promise<void> {
    const key = assignmentKey(claim);
    this.#claims.set(key, claim);
    try {
      const step = await this.#start(claim).catch(async error => {
        // Nothing has begun: whoever gets the assignment next may take it.
        await dropClaim(this.#options.knex, claim);
        throw error;
      });
      if (!step) {
        await dropClaim(this.#options.knex, claim);
        return;
      }
      this.#steps.set(key, step);
      this.#follow(claim.runId);
      const outcome =
        (await step.outcome) ??
        this.#lost(claim, step.definition, { handedOver: true });
      await this.#end(claim, outcome);
    } finally {
      this.#claims.delete(key);
      this.#steps.delete(key);
    }
  }

  /** Answers nothing when the assignment is not what the run asks for now. */
  async #start(claim: StepClaim): Promise<ClaimedStep | undefined> {
    const { knex, records } = this.#options;
    // After the claim: what was decided before it is in the record, and of what
    // is decided after it there will be a notice.
    const { attempts, state } = await records.read(claim.runId);
    const started = attempts.get(claim.step);
    const run = await loadClaimedRun(knex, claim.runId);
    const definition = state?.definition.steps.find(
      step => step.name === claim.step,
    );
    if (
      !run ||
      !definition ||
      !state ||
      started?.overSeq !== undefined ||
      started?.attempt !== claim.attempt ||
      started.fencingToken !== claim.fencingToken
    ) {
      return undefined;
    }
    return ClaimedStep.start({
      ...this.#options,
      claim,
      run,
      definition,
      resumed: started.resumed,
      now: () => this.#options.clock.now(),
      state: () => records.known(claim.runId).state ?? state,
    });
  }

  /** Tries until the outcome is on disk, or the claim is another's. */
  async #end(claim: StepClaim, outcome: StepOutcomeEvent): Promise<void> {
    const { knex, logger, leaseMs } = this.#options;
    const giveUpAt = performance.now() + 3 * leaseMs;
    for (;;) {
      try {
        await endClaim(knex, claim, outcome);
        return;
      } catch (error) {
        if (performance.now() > giveUpAt) {
          throw error;
        }
        logger.warn(
          `The outcome of step "${claim.step}" could not be written, trying again: ${(error as Error).message}`,
          { runId: claim.runId },
        );
        await pause(RETRY_MS, new AbortController().signal);
      }
    }
  }

  async #waitForOther(assignment: StepAssignment): Promise<void> {
    const { changes, knex, records } = this.#options;
    const { signal } = this.#draining;
    const watch = changes.watch(assignment.runId);
    try {
      for (;;) {
        const found = await lookAtClaim(knex, assignment);
        if (found === 'over') {
          return;
        }
        if (found === 'expired') {
          const { state } = await records.read(assignment.runId);
          const definition = state?.definition.steps.find(
            step => step.name === assignment.step,
          );
          await loseClaim(knex, assignment, this.#lost(assignment, definition));
          continue;
        }
        await watch.wait({ timeoutMs: POLL_MS, signal });
        signal.throwIfAborted();
      }
    } finally {
      watch.close();
    }
  }

  #lost(
    assignment: StepAssignment,
    definition: StepDefinition | undefined,
    why: { handedOver?: true } = {},
  ): StepOutcomeEvent {
    const { clock, interruptAction } = this.#options;
    const { step, attempt } = assignment;
    const action = interruptAction(definition);
    return { type: 'StepLost', at: clock.now(), step, attempt, action, ...why };
  }

  /** Passes cancels on, for as long as steps of the run are carried out here. */
  #follow(runId: string): void {
    if (!this.#followed.has(runId)) {
      this.#followed.add(runId);
      this.#followRun(runId);
    }
  }

  async #followRun(runId: string): Promise<void> {
    const { changes } = this.#options;
    const { signal } = this.#renewing;
    const watch = changes.watch(runId);
    let seen = 0;
    for (;;) {
      const steps = [...this.#steps.values()].filter(
        step => step.claim.runId === runId,
      );
      if (steps.length === 0 || signal.aborted) {
        this.#followed.delete(runId);
        watch.close();
        return;
      }
      seen = await this.#passCancelsOn(runId, steps, seen);
      await watch.wait({ timeoutMs: POLL_MS, signal });
    }
  }

  async #passCancelsOn(
    runId: string,
    steps: ClaimedStep[],
    seen: number,
  ): Promise<number> {
    const { logger, records } = this.#options;
    let run: RecordedRun;
    try {
      run = await records.read(runId);
    } catch (error) {
      logger.debug(
        `Run "${runId}" could not be read: ${(error as Error).message}`,
      );
      return seen;
    }
    const { seq, state } = run;
    const commands = state && seq !== seen ? decide(state) : [];
    for (const command of commands) {
      if (command.type === 'CancelStep') {
        steps.find(({ claim }) => claim.step === command.step)?.cancel(command);
      }
    }
    return seq;
  }

  async #renew(): Promise<void> {
    const { knex, leaseMs } = this.#options;
    const begunAt = performance.now();
    const claims = [...this.#claims.values()];
    if (claims.length > 0) {
      const held = await renewClaims(knex, {
        owner: this.#owner,
        leaseMs,
        claims,
      });
      for (const key of claims.map(assignmentKey)) {
        if (!held.has(key)) {
          this.#steps
            .get(key)
            ?.abort(AbortCauses.leaseLost, 'Another worker got the step.');
        }
      }
    }
    await this.#options.clock.sync();
    this.#renewedAt = begunAt;
  }

  /** A process that cannot reach the database any more must stop its steps. */
  async #watchClaims(): Promise<void> {
    const { leaseMs } = this.#options;
    const { signal } = this.#renewing;
    while (!signal.aborted) {
      await pause(leaseMs / 4, signal);
      if (performance.now() - this.#renewedAt > leaseMs) {
        this.#abortAll(
          AbortCauses.leaseLost,
          'The database could not be reached for longer than a lease.',
        );
      }
    }
  }

  #abortAll(cause: AbortCause, message: string): void {
    this.#steps.forEach(step => step.abort(cause, message));
  }

  async #settled(timeoutMs: number): Promise<void> {
    const over = new AbortController();
    await Promise.race([
      Promise.allSettled(this.#busy.values()),
      pause(timeoutMs, over.signal),
    ]);
    over.abort();
  }
}
