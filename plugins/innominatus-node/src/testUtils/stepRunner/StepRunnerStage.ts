import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ExitResult,
  ProcessContext,
  ProcessLine,
  ProcessSpec,
  StepRunner,
} from '@innominatus/backstage-plugin-innominatus-node';

/**
 * Makes a runner that may run `node` and nothing else. Runners that are made
 * with the same folder share their state, as after a restart of the backend.
 *
 * @public
 */
export type CreateTestStepRunner = (
  folder: string,
) => StepRunner | Promise<StepRunner>;

/** Watches a program and remembers its lines. */
export interface StageContext extends ProcessContext {
  lines: ProcessLine[];
  texts(): string[];
}

/** Where one scenario plays: a workspace, and a runner that works in it. */
export class StepRunnerStage {
  readonly workspace: string;
  readonly runner: StepRunner;
  readonly #folder: string;
  readonly #createRunner: CreateTestStepRunner;
  readonly #patienceMs: number;

  static async create(options: {
    createRunner: CreateTestStepRunner;
    patienceMs: number;
  }): Promise<StepRunnerStage> {
    const folder = await mkdtemp(join(tmpdir(), 'step-runner-'));
    await mkdir(join(folder, 'workspace'));
    return new StepRunnerStage({
      ...options,
      folder,
      runner: await options.createRunner(folder),
    });
  }

  private constructor(options: {
    folder: string;
    runner: StepRunner;
    createRunner: CreateTestStepRunner;
    patienceMs: number;
  }) {
    this.#folder = options.folder;
    this.#createRunner = options.createRunner;
    this.#patienceMs = options.patienceMs;
    this.runner = options.runner;
    this.workspace = join(options.folder, 'workspace');
  }

  /** The runner of another backend, or of this one after a restart. */
  async anotherRunner(): Promise<StepRunner> {
    return this.#createRunner(this.#folder);
  }

  contextOf(context: Partial<ProcessContext> = {}): StageContext {
    const lines: ProcessLine[] = [];
    return {
      key: `${randomUUID()}/step/1`,
      workspace: this.workspace,
      signal: new AbortController().signal,
      onLine: line => lines.push(line),
      ...context,
      lines,
      texts: () => lines.map(line => line.text),
    };
  }

  async run(
    spec: ProcessSpec,
    context: StageContext = this.contextOf(),
  ): Promise<ExitResult & { texts: string[] }> {
    const result = await this.runner.run(spec, context);
    return { ...result, texts: context.texts() };
  }

  /** Resolves when the program has written the line. */
  async says(context: StageContext, text: string): Promise<void> {
    const end = performance.now() + this.#patienceMs;
    while (!context.texts().includes(text)) {
      if (performance.now() > end) {
        throw new Error(
          `The program did not say "${text}" but ${JSON.stringify(context.texts())}`,
        );
      }
      await pause(10);
    }
  }

  /** Content of a file of the workspace. */
  async file(name: string): Promise<string | undefined> {
    return readFile(join(this.workspace, name), 'utf8').catch(() => undefined);
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** One thing that every step runner has to do. */
export interface StepRunnerScenario {
  name: string;
  /** `expect` is the one of the test runner. */
  play(stage: StepRunnerStage, expect: jest.Expect): Promise<void>;
}

/** Has `node` run a script. */
export function node(
  script: string,
  spec: Partial<ProcessSpec> = {},
): ProcessSpec {
  return {
    program: 'node',
    ...spec,
    args: ['-e', script, ...(spec.args ?? [])],
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms);
  });
}
