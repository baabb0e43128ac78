import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

const LEFT_OUT = new Set(['node_modules', 'dist', 'dist-types', 'coverage']);

function* filesUnder(entry) {
  const stat = fs.statSync(entry, { throwIfNoEntry: false });
  if (stat?.isFile()) yield entry;
  if (!stat?.isDirectory()) return;
  for (const name of fs.readdirSync(entry).sort()) {
    if (!LEFT_OUT.has(name)) yield* filesUnder(path.join(entry, name));
  }
}

/** A hash over the content of files and folders (relative to the checkout) and some extra words. */
export function fingerprint(entries, extra = []) {
  const hash = createHash('sha256');
  for (const word of extra) hash.update(`${word}\0`);
  for (const entry of entries) {
    for (const file of filesUnder(path.join(root, entry))) {
      hash.update(`${path.relative(root, file)}\0`);
      hash.update(fs.readFileSync(file));
      hash.update('\0');
    }
  }
  return hash.digest('hex');
}

/**
 * Does something unless it was done for the same fingerprint before. The stamp goes away
 * before the work and comes back after it, so work that was interrupted is done again.
 */
export async function whenChanged(options, work) {
  const { stamp, value, results = [] } = options;
  const present = results.every(file => fs.existsSync(file));
  const before = fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8');
  if (present && before === value) return false;
  fs.rmSync(stamp, { force: true });
  await work();
  fs.mkdirSync(path.dirname(stamp), { recursive: true });
  fs.writeFileSync(stamp, value);
  return true;
}
