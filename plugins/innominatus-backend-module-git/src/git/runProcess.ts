import { spawn } from 'node:child_process';

const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
const KILL_AFTER_MS = 5_000;

/** How a program is started. */
export interface ProcessOptions {
  command: string;
  args: string[];
  cwd: string;
  /** The whole environment; nothing of the backend's own is added. */
  env: Record<string, string>;
  input?: string;
  signal: AbortSignal;
}

export interface ProcessResult {
  exitCode: number;
  stdout: string;
  /** The same, before it was read as UTF-8. */
  stdoutBytes: Buffer;
  stderr: string;
}

/**
 * Runs a program without a shell, in a process group of its own. On abort the
 * whole group is asked to end, and is killed when it does not.
 */
export async function runProcess(
  options: ProcessOptions,
): Promise<ProcessResult> {
  const { signal } = options;
  signal.throwIfAborted();
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    shell: false,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const stop = () => {
    endGroup(child.pid, 'SIGTERM');
    setTimeout(() => endGroup(child.pid, 'SIGKILL'), KILL_AFTER_MS).unref();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', code => resolve(code ?? -1));
      // A program may end without reading all of its input.
      child.stdin.on('error', () => {});
      child.stdin.end(options.input ?? '');
    });
    signal.throwIfAborted();
    const stdoutBytes = stdout();
    return {
      exitCode,
      stdout: stdoutBytes.toString('utf8'),
      stdoutBytes,
      stderr: stderr().toString('utf8'),
    };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function endGroup(pid: number | undefined, kind: NodeJS.Signals): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, kind);
  } catch {
    // The group has ended by itself.
  }
}

/** Keeps the beginning; the rest is read and dropped so that nothing blocks. */
function collect(stream: NodeJS.ReadableStream): () => Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < MAX_OUTPUT_BYTES) {
      chunks.push(chunk);
      size += chunk.length;
    }
  });
  return () => Buffer.concat(chunks).subarray(0, MAX_OUTPUT_BYTES);
}
