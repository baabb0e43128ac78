import fs from 'node:fs';
import path from 'node:path';
import { toolsDir } from './paths.mjs';
import { say } from './log.mjs';
import { npm } from './npm.mjs';

/** Brings one package from the configured npm registry into .tools and returns its folder. */
export function fromNpm(name, version) {
  const dir = path.join(
    toolsDir,
    `${name.replace(/[@/]/g, '_')}-${version}`.replace(/^_/, ''),
  );
  const at = path.join(dir, 'node_modules', name);
  const stamp = path.join(dir, '.complete');
  if (fs.existsSync(stamp)) return at;

  say(`bringing ${name} ${version} from npm into .tools`);
  fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(path.join(dir, 'package.json'), '{"private":true}\n');
  npm(dir, [
    ...['install', '--no-save', '--no-package-lock', '--ignore-scripts'],
    ...['--no-audit', '--no-fund', '--fetch-retries=2'],
    ...['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'],
    `${name}@${version}`,
  ]);
  fs.writeFileSync(stamp, '');
  return at;
}
