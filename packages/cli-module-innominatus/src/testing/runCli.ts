import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { runProgram } from '../program';

/** What a command printed and ended with. */
export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** A home of its own for the saved contexts of one test file. */
export class TestHome {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'innominatus-cli-'));

  get configFile(): string {
    return path.join(this.folder, 'innominatus', 'config.json');
  }

  /** Runs a command line in this process. */
  async run(
    argv: string[],
    options: {
      stdin?: string;
      env?: Record<string, string>;
      signal?: AbortSignal;
      fetch?: typeof fetch;
      onStderr?: (text: string) => void;
    } = {},
  ): Promise<CliResult> {
    const stdout = collect();
    const stderr = collect(options.onStderr);
    const code = await runProgram(argv, {
      stdin: Readable.from(options.stdin === undefined ? [] : [options.stdin]),
      stdout: stdout.stream,
      stderr: stderr.stream,
      env: { XDG_CONFIG_HOME: this.folder, ...options.env },
      fetch: options.fetch ?? globalThis.fetch,
      signal: options.signal ?? new AbortController().signal,
    });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function collect(onText: (text: string) => void = () => {}) {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk.toString('utf8'));
    onText(chunk.toString('utf8'));
  });
  return { stream, text: () => chunks.join('') };
}
