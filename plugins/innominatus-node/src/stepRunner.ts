import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { StepFailure } from './errors';

/**
 * A program to run for a step.
 *
 * @remarks
 * There is no shell: `program` is looked up in what the platform team allows,
 * and every argument reaches it as it is written.
 *
 * @public
 */
export interface ProcessSpec {
  /** As the platform team lists it, for example `terraform`. */
  program: string;
  args?: string[];
  /** Folder inside the workspace of the run; default the workspace itself. */
  cwd?: string;
  /**
   * The whole environment, apart from `PATH`, `HOME`, `TMPDIR` and `LANG`,
   * which the runner sets. Secrets belong here or into `stdin`: other users of
   * a machine may see arguments.
   */
  env?: Record<string, string>;
  /** Text for the standard input, which is empty otherwise. */
  stdin?: string;
  /**
   * How long the program may take to end once it is told to (default 30
   * seconds). With `Infinity` only a forced cancel kills it.
   */
  graceMs?: number;
  limits?: ProcessLimits;
}

/**
 * What a program may use. The runner has limits of its own that hold in
 * addition.
 *
 * @public
 */
export interface ProcessLimits {
  /** After it the program is told to end, as when it is cancelled. */
  timeMs?: number;
  /** Output beyond it is dropped with one line that says so; nothing is killed. */
  outputBytes?: number;
  /** Memory of the program and all that it started, where this can be seen. */
  memoryBytes?: number;
}

/**
 * One line that a program wrote, without control characters.
 *
 * @public
 */
export interface ProcessLine {
  stream: 'stdout' | 'stderr';
  text: string;
  /** It is in the log already: it was read before an interruption. */
  replayed: boolean;
}

/**
 * Where a program belongs, and who watches it.
 *
 * @public
 */
export interface ProcessContext {
  /**
   * Names the process, however often it is asked for: `run/step/attempt`, with
   * more parts for a step that runs several programs. What comes before the
   * first slash is the run.
   */
  key: string;
  /** Directory of the run. */
  workspace: string;
  /** Aborts to tell the program to end. */
  signal: AbortSignal;
  /**
   * Aborts when this backend has to let go of the run. The program goes on, and
   * the reason is thrown.
   */
  detach?: AbortSignal;
  onLine(line: ProcessLine): void;
  /**
   * Resolves when all lines so far are kept. Answers `false` when they are not,
   * because somebody else owns the run.
   */
  flush?(): Promise<boolean>;
}

/**
 * How a program has ended.
 *
 * @public
 */
export interface ExitResult {
  /** Absent when a signal ended the program. */
  exitCode?: number;
  /** For example `SIGKILL`. */
  signal?: string;
  /** Why the runner told the program to end, if it did. */
  stoppedBy?: 'cancel' | 'time' | 'memory';
  outputTruncated: boolean;
}

/**
 * Runs programs for steps.
 *
 * @public
 */
export interface StepRunner {
  /** The word in `innominatus.runner.type`. */
  type: string;
  /**
   * What becomes of programs when the backend shuts down in good order.
   * `detach` leaves them, for the next backend to attach to. `finish` waits for
   * them until the time for a shutdown is over and then tells them to end, for
   * places where they would be killed with the backend.
   *
   * @defaultValue `detach`
   */
  onShutdown?: 'detach' | 'finish';
  /**
   * Runs the program, or attaches to the one that was started under the same
   * key before; a key never runs twice.
   *
   * Throws a {@link ProcessLostError} when that one is gone without a trace.
   * With `replaceLost` the program is started again then.
   */
  run(
    spec: ProcessSpec,
    context: ProcessContext,
    options?: { replaceLost?: boolean },
  ): Promise<ExitResult>;
  /**
   * Goes on watching a program that was started before. Answers `undefined`
   * when nothing is known of it, which may mean that it runs elsewhere.
   */
  attach(context: ProcessContext): Promise<ExitResult | undefined>;
  /**
   * Tells the program to end. With `force` it is killed, and all that it
   * started. Resolves at once; nothing happens when there is no such program.
   */
  cancel(key: string, options?: { force?: boolean }): Promise<void>;
  /** Drops what is kept of the ended programs of a run. */
  forget(runId: string): Promise<void>;
}

/**
 * The step runner as a step sees it: the key, the log, the workspace and
 * the cancellation of the step are filled in.
 *
 * @public
 */
export interface BoundStepRunner {
  run(
    spec: ProcessSpec,
    options?: BoundProcessOptions & { replaceLost?: boolean },
  ): Promise<ExitResult>;
  attach(options?: BoundProcessOptions): Promise<ExitResult | undefined>;
}

/**
 * @public
 */
export interface BoundProcessOptions {
  /** Tells several programs of one step apart, for example `plan`. */
  name?: string;
  /** Takes the lines instead of the log. */
  onLine?(line: ProcessLine): void;
}

/**
 * Thrown when a program was started and nobody can tell how it ended.
 *
 * @public
 */
export class ProcessLostError extends StepFailure {
  constructor(message: string) {
    super(message, { code: 'PROCESS_LOST' });
  }
}

/**
 * Where modules bring in step runners.
 *
 * @public
 */
export interface InnominatusStepRunnersExtensionPoint {
  addStepRunner(...runners: StepRunner[]): void;
}

/** @public */
export const innominatusStepRunnersExtensionPoint =
  createExtensionPoint<InnominatusStepRunnersExtensionPoint>({
    id: 'innominatus.stepRunners',
  });
