import { OutsideWait } from '@innominatus/backstage-plugin-innominatus-common';

/**
 * Thrown when a step cannot do its work and the run should say so with a
 * stable code. Any other error thrown by a step is recorded as `STEP_FAILED`.
 *
 * @public
 */
export class StepFailure extends Error {
  readonly code: string;
  readonly transient: boolean;

  constructor(
    message: string,
    options: { code: string; transient?: boolean; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'StepFailure';
    this.code = options.code;
    this.transient = options.transient ?? false;
  }
}

/**
 * Thrown when a step has nothing to do until something happens outside: a
 * system reports back, a person decides, another run ends.
 *
 * @remarks
 * The turn of the step is over, and it needs no worker while it waits. It gets
 * the next turn of the same attempt, with `resumed` set and the same
 * `idempotencyKey`, when it is woken, when it is time to look again, or when the
 * run is cancelled; then `signal` is aborted already, and the step ends what
 * goes on outside because of it. The time of the step begins anew with each
 * turn, and the time of the run stands still while nothing else works.
 *
 * @example
 * ```ts
 * if (!merged) {
 *   throw new StepWait({
 *     message: 'Waiting for the pull request to be merged',
 *     link: { url: 'https://git.example.com/platform/pulls/12' },
 *     lookAfterMs: 60_000,
 *     expiresAfterMs: 7 * 24 * 60 * 60 * 1000,
 *   });
 * }
 * ```
 *
 * @public
 */
export class StepWait extends Error {
  readonly wait: OutsideWait;

  constructor(wait: OutsideWait) {
    super(wait.message);
    this.name = 'StepWait';
    this.wait = wait;
  }
}
