import fs from 'node:fs';
import path from 'node:path';
import { PlainError, say } from './log.mjs';
import { interruptedBy } from './processes.mjs';
import { toolsDir } from './paths.mjs';

const GIVE_UP_MS = 15 * 60_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  try {
    // The number may belong to another program by now, for example after a restart.
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('run.mjs');
  } catch {
    return true;
  }
}

function tryToTake(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return undefined;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = Number(fs.readFileSync(file, 'utf8').trim());
  if (holder === process.pid) return undefined;
  if (holder && isAlive(holder)) return holder;
  fs.rmSync(file, { force: true });
  return tryToTake(file);
}

/** Lets one process at a time install or build in this checkout. */
export async function withLock(work) {
  fs.mkdirSync(toolsDir, { recursive: true });
  const file = path.join(toolsDir, 'lock');
  const since = Date.now();
  let told = false;
  for (let holder = tryToTake(file); holder; holder = tryToTake(file)) {
    if (!told) {
      say(
        `waiting: another command (process ${holder}) installs or builds here`,
      );
      told = true;
    }
    if (interruptedBy()) throw new PlainError('interrupted', 130);
    if (Date.now() - since > GIVE_UP_MS) {
      throw new PlainError(
        `Process ${holder} has been installing or building in this checkout for too long. End it, or remove "${file}" if it is not a run of this repository.`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}
