import { spawn } from 'node:child_process';
import { PlainError } from './log.mjs';

/** How long children may take for an orderly end. */
export const GRACE_MS = 8_000;

const running = new Set();
let interruption;

/** The signal that asked this process to end, if there was one. */
export function interruptedBy() {
  return interruption?.signal;
}

/**
 * Passes Ctrl-C and friends on to every child; asked again, it ends them at once.
 *
 * Backstage waits for open connections, such as those of a browser tab, without a limit,
 * and ends at once at a second signal: so there is a second one after a grace period.
 */
export function handleSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal and npm both deliver Ctrl-C, so the same one may come twice.
      const again = interruption && Date.now() - interruption.at > 1_500;
      if (interruption && !again) return;
      interruption ??= { signal, at: Date.now() };
      const tell = how => running.forEach(child => child.kill(how));
      tell(again ? 'SIGKILL' : signal);
      setTimeout(tell, GRACE_MS, signal).unref();
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

/** Calls back for every line of a stream, the unfinished last one included. */
function eachLine(stream, take) {
  let rest = '';
  stream.setEncoding('utf8').on('data', chunk => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    lines.forEach(take);
  });
  stream.on('end', () => rest && take(rest));
}

/**
 * Runs a program to its end and returns its exit code.
 *
 * Its output is shown as it comes. With `show`, a function of a line, only some lines are
 * shown and the whole `output` is returned too.
 */
export async function run(command, args, options = {}) {
  const { show, ...spawnOptions } = options;
  const how = show ? 'pipe' : 'inherit';
  const child = start(command, args, {
    ...spawnOptions,
    stdio: ['ignore', how, how],
  });
  let output = '';
  const take = line => {
    output += `${line}\n`;
    if (show(line)) process.stderr.write(`${line}\n`);
  };
  if (show) {
    eachLine(child.stdout, take);
    eachLine(child.stderr, take);
  }
  const code = await exitCodeOf(child);
  if (interruption) throw new PlainError('interrupted', 130);
  return { code, output };
}
