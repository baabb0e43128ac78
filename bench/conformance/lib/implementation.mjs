import { spawn } from 'node:child_process';

const TIMEOUT_MS = 60_000;
const MAX_BYTES = 10 * 1024 * 1024;

/** What a command printed and ended with. */
export function runCommand(command, args, { cwd }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], [...command.slice(1), ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIMEOUT_MS,
    });
    const result = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', chunk => {
        if (result[name].length < MAX_BYTES) {
          result[name] += chunk;
        }
      });
    }
    child.on('error', reject);
    child.on('close', code => resolve({ code, ...result }));
  });
}
