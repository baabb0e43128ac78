import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './paths.mjs';

/**
 * Removes the types that tsc wrote before. The order of a union in an inferred
 * type depends on what an incremental build reads first, and an API report
 * must be the same on every machine.
 */
export function cleanTypes() {
  fs.rmSync(path.join(root, 'dist-types'), { recursive: true, force: true });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  cleanTypes();
}
