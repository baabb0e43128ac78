import {
  InterruptAction,
  RunEvent,
  StepDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AbortCause, AbortCauses, StepAbortError } from './abort';
import { pause } from './loop';
import { RunScope, StepExecutor, StepOutcome } from './StepExecutor';

interface Running {
  attempt: number;
  controller: AbortController;
  resumable: boolean;
  done: Promise<void>;
  /** Ends the wait of a step that does not answer to a forced cancel. */
  giveUp: (outcome: StepOutcome) => void;
  force: AbortController;
}

export interface RunningStepsOptions {
  scope: RunScope;
  executor: StepExecutor;
  interruptAction: (step: StepDefinition | undefined) => InterruptAction;
  /** Called when an attempt is over; without an event the next worker finds out. */
  onOver: (event: RunEvent | undefined) => void;
  /** Longest wait for steps that were told to stop. */
  stopGraceMs: number;
}

/** The attempts of one run that are in progress in this process. */
export class RunningSteps {
  readonly #options: RunningStepsOptions;
  readonly #running = new Map<string, Running>();

  static create(options: RunningStepsOptions): RunningSteps {
    return new RunningSteps(options);
  }

  private constructor(options: RunningStepsOptions) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  start(options: {
    definition: StepDefinition;
    attempt: number;
    key: string;
    resumed: boolean;
  }): void {
    const { definition, attempt } = options;
    if (this.#running.has(definition.name)) {
      return;
    }
    const controller = new AbortController();
    const force = new AbortController();
    let giveUp: (outcome: StepOutcome) => void = () => {};
    const gaveUp = new Promise<StepOutcome>(resolve => {
      giveUp = resolve;
    });
    const work = this.#options.executor.execute({
      ...options,
      scope: this.#options.scope,
      signal: controller.signal,
      force: force.signal,
    });
    const done = Promise.race([work, gaveUp]).then(outcome => {
      this.#running.delete(definition.name);
      this.#report(definition.name, attempt, outcome);
    });
    this.#running.set(definition.name, {
      attempt,
      controller,
      resumable: this.#options.interruptAction(definition) === 'resume',
      done,
      giveUp,
      force,
    });
  }

  /** Asks a step to stop; the second time does not wait for it for long. */
  cancel(options: {
    step: string;
    attempt: number;
    reason: string;
    force: boolean;
  }): void {
    const running = this.#running.get(options.step);
    if (!running || running.attempt !== options.attempt) {
      return;
    }
    running.controller.abort(
      new StepAbortError(AbortCauses.cancelled, options.reason),
    );
    if (options.force && !running.force.signal.aborted) {
      running.force.abort();
      this.#giveUpLater(running, options.reason);
    }
  }

  /** Steps that can be picked up again need not hold up a shutdown. */
  abortResumable(): void {
    for (const running of this.#running.values()) {
      if (running.resumable) {
        abort(running, AbortCauses.shutdown, 'This backend shuts down.');
      }
    }
  }

  abortAll(cause: AbortCause, message: string): void {
    for (const running of this.#running.values()) {
      abort(running, cause, message);
    }
  }

  /** Resolves when all steps have ended, or did not answer in time. */
  async settled(): Promise<void> {
    const over = new AbortController();
    await Promise.race([
      Promise.all([...this.#running.values()].map(running => running.done)),
      pause(this.#options.stopGraceMs, over.signal),
    ]);
    over.abort();
  }

  close(): void {
    this.#options.scope.runLog.close();
  }

  #giveUpLater(running: Running, reason: string): void {
    const over = new AbortController();
    running.done.finally(() => over.abort());
    pause(this.#options.stopGraceMs, over.signal).then(() =>
      running.giveUp({
        kind: 'failed',
        error: {
          code: 'CANCEL_FORCED',
          message: `${reason} The step did not stop when asked; what it does may go on.`,
          transient: false,
        },
      }),
    );
  }

  #report(step: string, attempt: number, outcome: StepOutcome): void {
    const { onOver, scope } = this.#options;
    const at = scope.now();
    if (outcome.kind === 'succeeded') {
      const { outputs, resources, variables } = outcome;
      onOver({
        type: 'StepSucceeded',
        at,
        step,
        attempt,
        outputs,
        ...(resources ? { resources } : {}),
        ...(Object.keys(variables).length > 0 ? { variables } : {}),
      });
    } else if (outcome.kind === 'failed') {
      onOver({ type: 'StepFailed', at, step, attempt, error: outcome.error });
    } else if (outcome.kind === 'waits') {
      onOver({ type: 'StepWaits', at, step, attempt, wait: outcome.wait });
    } else {
      onOver(undefined);
    }
  }
}

function abort(running: Running, cause: AbortCause, message: string): void {
  running.controller.abort(new StepAbortError(cause, message));
}
