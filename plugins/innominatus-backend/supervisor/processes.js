'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');

/**
 * Tells a process from a later one with the same number: ticks since the start
 * of the machine on Linux, the date elsewhere.
 */
function startTimeOf(pid) {
  if (process.platform === 'linux') {
    return readStat(pid)?.startTime;
  }
  const { stdout } = spawnSync('/bin/ps', ['-o', 'lstart=', '-p', `${pid}`], {
    env: { LC_ALL: 'C' },
    encoding: 'utf8',
  });
  return stdout?.trim() || undefined;
}

/** A program may be called anything, so its name is skipped from the end. */
function readStat(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      state: fields[0],
      group: Number(fields[2]),
      session: Number(fields[3]),
      startTime: fields[19],
    };
  } catch {
    return undefined;
  }
}

/**
 * Living processes of the group or session, and those that left both but still
 * carry the marker in the environment they were started with. Empty where there
 * is no `/proc`.
 */
function familyOf({ group, marker }) {
  const family = [];
  for (const name of listProcesses()) {
    const pid = Number(name);
    const stat = pid > 0 && pid !== process.pid ? readStat(pid) : undefined;
    if (stat && stat.state !== 'Z' && stat.state !== 'X') {
      if (
        stat.group === group ||
        stat.session === group ||
        carries(pid, marker)
      ) {
        family.push(pid);
      }
    }
  }
  return family;
}

function listProcesses() {
  try {
    return fs.readdirSync('/proc');
  } catch {
    return [];
  }
}

function carries(pid, marker) {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`).includes(marker);
  } catch {
    return false;
  }
}

/** Also `true` for what has ended and was not collected, where there is no `/proc`. */
function isGroupAlive(group) {
  if (process.platform === 'linux') {
    // Answered by the family, which leaves out what has ended.
    return false;
  }
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resident memory in bytes; 0 where there is no `/proc`. */
function memoryOf(pids) {
  let bytes = 0;
  for (const pid of pids) {
    try {
      const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
      bytes += Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      // It has ended.
    }
  }
  return bytes;
}

function sendTo(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

module.exports = { familyOf, isGroupAlive, memoryOf, sendTo, startTimeOf };
