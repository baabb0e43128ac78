import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '..',
  '..',
);

/** Where Node and Yarn are kept when the machine has no fitting ones. */
export const toolsDir = path.join(root, '.tools');

/** Where test reports go. */
export const reportDir = path.join(root, '.ci-out');

export const backendDir = path.join(root, 'packages', 'backend');

export const cliBin = path.join(root, 'node_modules', '.bin', 'innominatus');

/** Where the demo keeps its databases and its encryption key between starts. */
export function dataDir(env = process.env) {
  return path.resolve(root, env.INNOMINATUS_DATA || '.data');
}

export function rootPackage() {
  return JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
}
