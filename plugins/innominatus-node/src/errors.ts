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
