import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { canConnect } from '../../../scripts/lib/ports.mjs';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Starts a server program that keeps its data in `folder`, and waits until
 * `isReady` says so, or else until it accepts connections on `port`.
 */
export async function startServer(options) {
  const { name, program, args, env, folder, port } = options;
  const isReady = options.isReady ?? (() => canConnect(port));
  const logFile = path.join(folder, `${name}.log`);
  const log = fs.openSync(logFile, 'w');
  const server = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
  });
  fs.closeSync(log);
  let failure;
  const closed = new Promise(resolve => {
    server.once('error', error => {
      failure = error;
      resolve();
    });
    server.once('close', resolve);
  });
  const hasEnded = () =>
    failure || server.exitCode !== null || server.signalCode !== null;
  const stop = async () => {
    if (!hasEnded()) server.kill('SIGTERM');
    const impatient = setTimeout(() => server.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await closed;
    clearTimeout(impatient);
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady())) {
    if (hasEnded() || Date.now() > deadline) {
      await stop();
      throw new Error(
        `${name} did not start: ${
          failure?.message ?? fs.readFileSync(logFile, 'utf8').slice(-2_000)
        }`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return { pid: server.pid, stop };
}
