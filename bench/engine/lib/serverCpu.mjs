import fs from 'node:fs';

/** A tick of /proc is a hundredth of a second on every Linux Node runs on. */
const MS_PER_TICK = 10;

/**
 * CPU that a server process and its children have used, in milliseconds.
 * Children that ended are in the sum of their parent. Answers `undefined`
 * where there is no /proc.
 */
export function cpuOfTree(pid) {
  if (process.platform !== 'linux') return undefined;
  let ticks = 0;
  for (const entry of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const fields = statOf(entry);
    if (!fields) continue;
    const own = Number(fields[11]) + Number(fields[12]);
    if (Number(entry) === pid) {
      ticks += own + Number(fields[13]) + Number(fields[14]);
    } else if (Number(fields[1]) === pid) {
      ticks += own;
    }
  }
  return ticks * MS_PER_TICK;
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
