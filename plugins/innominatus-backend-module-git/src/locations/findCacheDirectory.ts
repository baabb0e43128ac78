import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/**
 * Where copies of repositories are kept. Whoever can write there decides what
 * providers do, so the folder has to be ours alone.
 */
export function findCacheDirectory(config: Config): string {
  const key = 'innominatus.git.cacheDirectory';
  const directory =
    config.getOptionalString(key) ??
    join(
      config.getOptionalString('backend.workingDirectory') ?? tmpdir(),
      `innominatus-git-${userInfo().uid}`,
    );
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const info = lstatSync(directory);
  if (!info.isDirectory() || info.uid !== userInfo().uid) {
    throw new InputError(
      `The folder "${directory}" for copies of Git repositories belongs to somebody else. Remove it, or name another one in "${key}".`,
    );
  }
  chmodSync(directory, 0o700);
  return directory;
}
