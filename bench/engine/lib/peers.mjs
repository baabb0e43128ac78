import fs from 'node:fs';
import path from 'node:path';
import { npm } from '../../../scripts/lib/npm.mjs';

/** Exact, so that two runs of the bench compare with the same programs. */
const PEERS = {
  dbos: ['@dbos-inc/dbos-sdk@5.3.0'],
  graphile: ['graphile-worker@0.18.0'],
  bullmq: ['bullmq@6.7.0', 'ioredis@6.0.0'],
};

const folderOf = name => path.join(import.meta.dirname, '..', '.peers', name);

/**
 * Installs a peer from the configured npm registry into a folder of its own and
 * returns that folder. Install scripts do not run. A second call is free.
 */
export function installPeer(name) {
  const folder = folderOf(name);
  const stamp = path.join(folder, '.complete');
  const wanted = PEERS[name].join('\n');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) {
    return folder;
  }
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
  npm(folder, [
    ...['install', '--no-save', '--no-package-lock', '--ignore-scripts'],
    ...['--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=2'],
    ...['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'],
    ...PEERS[name],
  ]);
  fs.writeFileSync(stamp, wanted);
  return folder;
}
