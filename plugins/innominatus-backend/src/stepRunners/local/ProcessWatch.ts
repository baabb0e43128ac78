import {
  ExitResult,
  ProcessContext,
  ProcessLostError,
  StepFailure,
} from '@innominatus/backstage-plugin-innominatus-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutputReader } from './OutputReader';
import { isAlive, signalProcess } from './processIdentity';
import { RecordedExit, StateDirectory } from './StateDirectory';

const SHORTEST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 200;
/** How long a supervisor may take to appear. */
const STARTUP_MS = 15_000;
const BYTES_PER_FLUSH = 256 * 1024;

export interface ProcessWatchOptions {
  state: StateDirectory;
  context: ProcessContext;
}

/**
 * Follows one process until it ends, whoever started it: hands its lines on,
 * passes a cancellation on to it, and lets go of it when it has to.
 */
export class ProcessWatch {
  readonly #state: StateDirectory;
  readonly #context: ProcessContext;
  #reader: OutputReader | undefined;
  #logged = 0;
  #told = false;

  static create(options: ProcessWatchOptions): ProcessWatch {
    return new ProcessWatch(options);
  }

  private constructor(options: ProcessWatchOptions) {
    this.#state = options.state;
    this.#context = options.context;
  }

  /** Answers `undefined` when the process was never started. */
  async end(): Promise<ExitResult | undefined> {
    const { onLine } = this.#context;
    this.#logged = await this.#state.logged();
    this.#reader = OutputReader.create({
      file: this.#state.output,
      loggedBytes: this.#logged,
      onLine: line => onLine(line),
    });
    try {
      return (await this.#hasStarted()) ? await this.#follow() : undefined;
    } finally {
      await this.#reader.close();
    }
  }

  async #hasStarted(): Promise<boolean> {
    const deadline = performance.now() + STARTUP_MS;
    const createdAt = (await this.#state.createdAt()) ?? 0;
    while (!(await this.#state.supervisor())) {
      const late =
        performance.now() > deadline || Date.now() - createdAt > STARTUP_MS;
      if (late) {
        return !(await this.#state.abandon());
      }
      await this.#wait(SHORTEST_WAIT_MS);
    }
    return (await this.#state.supervisor())?.pid !== 0;
  }

  async #follow(): Promise<ExitResult> {
    let waitMs = SHORTEST_WAIT_MS;
    for (;;) {
      // In this order: what was alive before has written all of its output
      // when its end is there, and an end is there when it is not alive.
      const alive = await this.#isAlive('supervisor');
      const exit = await this.#state.exit();
      const wrote = await this.#readAll();
      if (exit) {
        return toResult(exit);
      }
      if (!alive) {
        return await this.#lose();
      }
      await this.#tell();
      waitMs = wrote
        ? SHORTEST_WAIT_MS
        : Math.min(waitMs * 1.5, LONGEST_WAIT_MS);
      await this.#wait(waitMs);
    }
  }

  async #readAll(): Promise<boolean> {
    const reader = this.#reader;
    let wrote = false;
    while (await reader?.next()) {
      wrote = true;
      if (reader && reader.position - this.#logged > BYTES_PER_FLUSH) {
        await this.#keep(reader);
      }
    }
    if (reader && wrote) {
      await this.#keep(reader);
    }
    return wrote;
  }

  /** Remembers how far the log is, once it is kept. */
  async #keep(reader: OutputReader): Promise<void> {
    const { position } = reader;
    if (position > this.#logged && (await this.#context.flush?.()) !== false) {
      await this.#state.setLogged(position);
      this.#logged = position;
    }
  }

  async #tell(): Promise<void> {
    if (this.#context.signal.aborted && !this.#told) {
      this.#told = true;
      const supervisor = await this.#state.supervisor();
      if (supervisor) {
        await signalProcess(supervisor, 'SIGTERM');
      }
    }
  }

  /**
   * The supervisor is gone, so nobody will know how the program ends. But as
   * long as it runs, nothing else may be started in its place.
   */
  async #lose(): Promise<never> {
    while (await this.#isAlive('program')) {
      const program = await this.#state.program();
      if (program && this.#context.signal.aborted && !this.#told) {
        this.#told = true;
        await signalProcess(program, 'SIGTERM', { group: true });
      }
      await this.#readAll();
      await this.#wait(LONGEST_WAIT_MS);
    }
    await this.#readAll();
    throw new ProcessLostError(
      'The program was started, but it is gone and nobody has seen how it ended. Look at what it works on before you run the step again.',
    );
  }

  async #isAlive(who: 'supervisor' | 'program'): Promise<boolean> {
    const identity = await this.#state[who]();
    return identity !== undefined && (await isAlive(identity));
  }

  /** Ends early when there is something to pass on. */
  async #wait(ms: number): Promise<void> {
    const { signal, detach } = this.#context;
    detach?.throwIfAborted();
    const signals = [
      ...(detach ? [detach] : []),
      ...(signal.aborted ? [] : [signal]),
    ];
    await sleep(ms, undefined, {
      signal: signals.length > 0 ? AbortSignal.any(signals) : undefined,
    }).catch(() => {});
    detach?.throwIfAborted();
  }
}

function toResult(exit: RecordedExit): ExitResult {
  const { error, exitCode, signal, stoppedBy, outputTruncated } = exit;
  if (error) {
    throw new StepFailure(
      `The program could not be started: ${error.message}`,
      {
        code:
          error.code === 'CWD_OUTSIDE' ? 'CWD_OUTSIDE' : 'PROGRAM_NOT_STARTED',
      },
    );
  }
  return {
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
    outputTruncated,
  };
}
