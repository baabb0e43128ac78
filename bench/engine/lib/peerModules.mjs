import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loads packages that were installed for the bench, outside this repository's own. */
export function peerModules(folder) {
  const require = createRequire(path.join(folder, 'package.json'));
  return {
    require,
    import: name => import(pathToFileURL(require.resolve(name)).href),
  };
}
