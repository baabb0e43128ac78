import { execFile, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** What a command printed and ended with. */
export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

const PACKAGE = path.dirname(require.resolve('../../package.json'));

/** The built program in a process of its own, with a home of its own. */
export class TestCli {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<TestCli> {
    const cli = TestCli.prepare();
    await cli.build();
    return cli;
  }

  /** Only with its folder; {@link build} makes the rest. */
  static prepare(): TestCli {
    return new TestCli(mkdtempSync(path.join(tmpdir(), 'innominatus-cli-')));
  }

  async build(): Promise<void> {
    await promisify(execFile)(process.execPath, [
      path.join(PACKAGE, 'scripts', 'bundle.mjs'),
      '--outdir',
      this.#bundles,
    ]);
  }

  get #bundles(): string {
    return path.join(this.folder, 'dist');
  }

  get program(): string {
    return path.join(this.#bundles, 'innominatus.cjs');
  }

  get configFile(): string {
    return path.join(this.folder, 'innominatus', 'config.json');
  }

  async write(name: string, text: string): Promise<string> {
    const file = path.join(this.folder, name);
    await writeFile(file, text);
    return file;
  }

  async run(
    argv: string[],
    options: {
      stdin?: string;
      env?: Record<string, string>;
      /** Presses Ctrl-C once stderr has this text. */
      interruptAt?: string;
    } = {},
  ): Promise<CliResult> {
    const child = spawn(process.execPath, [this.program, ...argv], {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        XDG_CONFIG_HOME: this.folder,
        ...options.env,
      },
    });
    const result = { stdout: '', stderr: '' };
    child.stdout.on('data', chunk => {
      result.stdout += chunk;
    });
    let interrupted = false;
    child.stderr.on('data', chunk => {
      result.stderr += chunk;
      const { interruptAt } = options;
      if (interruptAt && !interrupted && result.stderr.includes(interruptAt)) {
        interrupted = true;
        child.kill('SIGINT');
      }
    });
    child.stdin.on('error', () => {
      // The program may end before it has read everything.
    });
    child.stdin.end(options.stdin ?? '');
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    return { code, ...result };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
