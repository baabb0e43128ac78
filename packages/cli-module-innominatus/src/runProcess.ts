import { runProgram } from './program';

/**
 * Runs one command line with the streams, signals and environment of this
 * process, and ends the process with the exit code.
 */
export async function runProcess(argv: readonly string[]): Promise<void> {
  // A reader such as `head` that stops early is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      process.exit(0);
    }
    throw error;
  });
  const interrupt = new AbortController();
  process.on('SIGINT', () => {
    if (interrupt.signal.aborted) {
      // The person does not want to wait for a clean end.
      process.exit(130);
    }
    interrupt.abort();
  });
  const code = await runProgram(argv, {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    fetch: globalThis.fetch,
    signal: interrupt.signal,
  });
  // Open connections would keep the process alive, hence the exit; what was
  // written goes out first. Never resolves, so that no caller exits otherwise.
  await new Promise<never>(() => {
    process.stdout.write('', () => process.exit(code));
  });
}
