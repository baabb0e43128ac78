import { withLock } from '../lib/lock.mjs';
import { PlainError } from '../lib/log.mjs';
import { exitCodeOf, start } from '../lib/processes.mjs';
import { prepareToolchain } from '../lib/toolchain.mjs';

/** Runs a command with the right Node, Yarn and the checkout's programs on PATH. */
export async function run([command, ...args]) {
  if (!command) {
    throw new PlainError(
      'Name a command, for example "npm run exec -- yarn install".',
      2,
    );
  }
  const { env } = await withLock(prepareToolchain);
  const child = start(command, args, { env, stdio: 'inherit' });
  return exitCodeOf(child).catch(error => {
    throw new PlainError(
      `"${command}" could not be started: ${error.message}.`,
      127,
    );
  });
}
