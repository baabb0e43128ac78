import { spawn } from 'node:child_process';
import { PlainError } from './log.mjs';

const running = new Set();
let interruption;

/** The signal that asked this process to end, if there was one. */
export function interruptedBy() {
  return interruption?.signal;
}

/** Passes Ctrl-C and friends on to every child, once; asked again later, it ends them at once. */
export function handleSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal and npm both deliver Ctrl-C, so the same one may come twice.
      const again = interruption && Date.now() - interruption.at > 1_500;
      if (interruption && !again) return;
      interruption ??= { signal, at: Date.now() };
      for (const child of running) child.kill(again ? 'SIGKILL' : signal);
    });
  }
}

/** Starts a child that takes part in the signal handling above. */
export function start(command, args, options) {
  const child = spawn(command, args, options);
  running.add(child);
  child.once('close', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/** Waits for a child and returns its exit code; a signal counts as 128 and more, as in a shell. */
export function exitCodeOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const signals = { SIGINT: 130, SIGKILL: 137, SIGTERM: 143 };
      resolve(code ?? signals[signal] ?? 1);
    });
  });
}

/**
 * Runs a program to its end.
 *
 * Returns the exit code and, with `capture`, what it printed. The output is shown
 * as it comes unless `quiet` is set.
 */
export async function run(command, args, options = {}) {
  const { capture = false, quiet = false, ...spawnOptions } = options;
  const piped = capture || quiet;
  const child = start(command, args, {
    ...spawnOptions,
    stdio: ['ignore', piped ? 'pipe' : 'inherit', piped ? 'pipe' : 'inherit'],
  });
  let output = '';
  if (piped) {
    const take = stream => chunk => {
      output += chunk;
      if (!quiet) stream.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', take(process.stdout));
    child.stderr.setEncoding('utf8').on('data', take(process.stderr));
  }
  const code = await exitCodeOf(child);
  if (interruption) throw new PlainError('interrupted', 130);
  return { code, output };
}
