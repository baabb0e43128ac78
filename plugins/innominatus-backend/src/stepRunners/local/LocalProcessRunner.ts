import {
  LoggerService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import {
  ExitResult,
  ProcessContext,
  ProcessLostError,
  ProcessSpec,
  StepFailure,
  StepRunner,
} from '@innominatus/backstage-plugin-innominatus-node';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createOrder, ProcessOrder } from './createOrder';
import { isAlive, readMachine, signalProcess } from './processIdentity';
import { ProcessWatch } from './ProcessWatch';
import { ProgramList } from './ProgramList';
import { LocalRunnerConfig } from './readLocalRunnerConfig';
import { hash, StateDirectory } from './StateDirectory';
import { StateDirectories } from './StateDirectories';

const SUPERVISOR = resolvePackagePath(
  '@innominatus/backstage-plugin-innominatus-backend',
  'supervisor',
  'supervise.js',
);

export interface LocalProcessRunnerOptions {
  config: LocalRunnerConfig;
  logger: LoggerService;
}

/**
 * Runs programs on the machine of the backend.
 *
 * Each program has a supervisor, a small process that belongs to nobody: it
 * outlives the backend, collects the output, holds the limits, and writes down
 * how the program ended. All of it is in a directory named after the key, and
 * its creation is what makes a key start once. Whoever watches reads the files;
 * after the death of a backend that is simply somebody else.
 *
 * The program runs as the user of the backend. The list of programs, the empty
 * environment and the workspace keep workflows in order; they are no sandbox.
 */
export class LocalProcessRunner implements StepRunner {
  readonly type = 'local';
  readonly onShutdown: 'detach' | 'finish';
  readonly #config: LocalRunnerConfig;
  readonly #programs: ProgramList;
  readonly #states: StateDirectories;
  #machine: Promise<string> | undefined;

  static create(options: LocalProcessRunnerOptions): LocalProcessRunner {
    return new LocalProcessRunner(options);
  }

  private constructor(options: LocalProcessRunnerOptions) {
    const { config, logger } = options;
    this.#config = config;
    this.onShutdown = config.onShutdown;
    this.#programs = ProgramList.create(config);
    this.#states = StateDirectories.create({
      root: config.stateDirectory,
      logger,
    });
    const { interpreters } = this.#programs;
    if (interpreters.length > 0) {
      logger.warn(
        `"innominatus.runner.local.programs" allows ${interpreters.join(', ')}: whoever writes workflows can run any code as the user of this backend`,
      );
    }
  }

  async run(
    spec: ProcessSpec,
    context: ProcessContext,
    options: { replaceLost?: boolean } = {},
  ): Promise<ExitResult> {
    const state = await this.#states.open(context.key);
    const order = await createOrder({
      spec,
      workspace: context.workspace,
      marker: `INNOMINATUS_PROCESS=${hash(context.key)}`,
      programs: this.#programs,
      config: this.#config,
    });
    for (let starts = 0; starts < 2;) {
      if (await this.#create(state, context)) {
        await this.#start(state, order, context);
        starts += 1;
      }
      try {
        const result = await this.#watch(state, context);
        if (result) {
          return result;
        }
      } catch (error) {
        if (!options.replaceLost || !isLost(error)) {
          throw error;
        }
      }
      // Lost, or abandoned before it started.
      await state.remove();
    }
    throw new StepFailure(
      `The program "${spec.program}" was not started: its supervisor did not come up. The machine may be out of memory or processes.`,
      { code: 'PROGRAM_NOT_STARTED', transient: true },
    );
  }

  async attach(context: ProcessContext): Promise<ExitResult | undefined> {
    const state = await this.#states.open(context.key);
    if ((await state.machine()) !== (await this.#here())) {
      return undefined;
    }
    return this.#watch(state, context);
  }

  async cancel(key: string, options: { force?: boolean } = {}): Promise<void> {
    const state = await this.#states.open(key);
    if ((await state.machine()) !== (await this.#here())) {
      return;
    }
    const [supervisor, program] = [
      await state.supervisor(),
      await state.program(),
    ];
    if (supervisor && (await isAlive(supervisor))) {
      await signalProcess(supervisor, options.force ? 'SIGUSR2' : 'SIGTERM');
    } else if (program) {
      await signalProcess(program, options.force ? 'SIGKILL' : 'SIGTERM', {
        group: true,
      });
    }
  }

  async forget(runId: string): Promise<void> {
    await this.#states.forget(runId);
  }

  /** Asked right before: a worker that lost its run must not start anything. */
  async #create(
    state: StateDirectory,
    context: ProcessContext,
  ): Promise<boolean> {
    const here = await this.#here();
    throwIfAborted(context);
    return state.create(here);
  }

  async #start(
    state: StateDirectory,
    order: ProcessOrder,
    context: ProcessContext,
  ): Promise<void> {
    try {
      throwIfAborted(context);
      const supervisor = spawn(
        process.execPath,
        ['--max-old-space-size=64', SUPERVISOR, state.path],
        {
          cwd: '/',
          env: {},
          detached: true,
          stdio: ['pipe', 'ignore', 'ignore'],
        },
      );
      await once(supervisor, 'spawn');
      supervisor.unref();
      // Should it end early, the watch finds out that it did.
      supervisor.stdin.on('error', () => {});
      supervisor.stdin.end(JSON.stringify(order));
    } catch (error) {
      await state.remove();
      throw error;
    }
  }

  async #watch(
    state: StateDirectory,
    context: ProcessContext,
  ): Promise<ExitResult | undefined> {
    const machine = await state.machine();
    if (machine !== (await this.#here())) {
      throw new ProcessLostError(
        'The program was started on another machine, or before this one or its container was started anew. Nobody has seen how it ended. Look at what it works on before you run the step again.',
      );
    }
    return ProcessWatch.create({ state, context }).end();
  }

  #here(): Promise<string> {
    this.#machine ??= readMachine();
    return this.#machine;
  }
}

function throwIfAborted(context: ProcessContext): void {
  context.detach?.throwIfAborted();
  context.signal.throwIfAborted();
}

function isLost(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'PROCESS_LOST';
}
