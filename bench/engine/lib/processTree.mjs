import fs from 'node:fs';

/** A tick of /proc is a hundredth of a second on every Linux Node runs on. */
const MS_PER_TICK = 10;

/**
 * CPU that a process and its children have used, in milliseconds. Children that
 * ended are in the sum of their parent. Answers `undefined` where there is no
 * /proc.
 */
export function cpuOfTree(pid) {
  if (process.platform !== 'linux') return undefined;
  let ticks = 0;
  for (const { fields, isRoot } of processesOf(pid)) {
    ticks += Number(fields[11]) + Number(fields[12]);
    if (isRoot) ticks += Number(fields[13]) + Number(fields[14]);
  }
  return ticks * MS_PER_TICK;
}

/**
 * Memory of a process and its children in MB, shared pages counted once.
 * Answers `undefined` where the system does not tell.
 */
export function memoryOfTree(pid) {
  if (process.platform !== 'linux') return undefined;
  let kilobytes = 0;
  for (const { id } of processesOf(pid)) {
    const own = proportionalKilobytes(id);
    if (own === undefined) return undefined;
    kilobytes += own;
  }
  return kilobytes / 1024;
}

/** CPU that everything on this machine has used, in milliseconds. */
export function cpuOfMachine() {
  if (process.platform !== 'linux') return undefined;
  const [line] = fs.readFileSync('/proc/stat', 'utf8').split('\n');
  const [user, nice, system, , , irq, softIrq] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softIrq) * MS_PER_TICK;
}

function processesOf(pid) {
  const found = [];
  for (const entry of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const fields = statOf(entry);
    const isRoot = Number(entry) === pid;
    if (fields && (isRoot || Number(fields[1]) === pid)) {
      found.push({ id: entry, fields, isRoot });
    }
  }
  return found;
}

/** The fields after the name, which may contain blanks. */
function statOf(pid) {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function proportionalKilobytes(pid) {
  try {
    const text = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
  } catch (error) {
    // It ended since the folder was read.
    return error.code === 'ESRCH' || error.code === 'ENOENT' ? 0 : undefined;
  }
}
