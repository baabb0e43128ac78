import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/** A process as it was recorded when it started. */
export interface ProcessIdentity {
  pid: number;
  startTime?: string;
}

/**
 * Whether that very process still runs. Its number may belong to another
 * process by now, so the time of its start has to match as well. The supervisor
 * records that time in the same form.
 */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (
    identity.startTime !== undefined &&
    (await startTimeOf(identity.pid)) === identity.startTime
  );
}

/** Sends the signal if that very process, or the group it leads, still runs. */
export async function signalProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  options: { group?: boolean } = {},
): Promise<void> {
  if (await isAlive(identity)) {
    try {
      process.kill(options.group ? -identity.pid : identity.pid, signal);
    } catch {
      // It has ended in between.
    }
  }
}

/**
 * Names the machine whose processes can be seen from here. A container that
 * was started anew, a machine that was started again, and another replica on
 * the same volume all have other ones.
 */
export async function readMachine(): Promise<string> {
  if (process.platform === 'linux') {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`;
  }
  return `${hostname()} ${await startTimeOf(1)}`;
}

async function startTimeOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    const { stdout } = await promisify(execFile)(
      '/bin/ps',
      ['-o', 'lstart=', '-p', String(pid)],
      { env: { LC_ALL: 'C' } },
    ).catch(() => ({ stdout: '' }));
    return stdout.trim() || undefined;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // A program may be called anything, so its name is skipped from the end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // What has ended and was not collected yet does not run any more.
  return fields[0] === 'Z' ? undefined : fields[19];
}
