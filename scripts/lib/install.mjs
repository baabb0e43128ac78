import fs from 'node:fs';
import path from 'node:path';
import { fingerprint, whenChanged } from './fingerprint.mjs';
import { PlainError, say } from './log.mjs';
import { explainFailure } from './npm.mjs';
import { cliBin, root } from './paths.mjs';
import { run } from './processes.mjs';

const GIB = 1024 ** 3;
const modules = path.join(root, 'node_modules');

function packageFiles() {
  const workspaces = ['packages', 'plugins'].flatMap(group =>
    fs.readdirSync(path.join(root, group)).map(name => `${group}/${name}`),
  );
  return workspaces.sort().map(workspace => `${workspace}/package.json`);
}

function checkDisk() {
  if (!fs.statfsSync) return;
  const { bavail, bsize } = fs.statfsSync(root);
  const free = bavail * bsize;
  // Yarn writes this file at the end of a complete install.
  const complete = fs.existsSync(path.join(modules, '.yarn-state.yml'));
  const needed = complete ? 0.5 * GIB : 3 * GIB;
  if (free < needed) {
    throw new PlainError(
      `The disk of "${root}" is nearly full: ${(free / GIB).toFixed(
        1,
      )} GB are free, and installing the dependencies needs ${(
        needed / GIB
      ).toFixed(1)} GB. Free some space and run the command again.`,
    );
  }
}

function explainInstall(output) {
  if (/YN0028/.test(output)) {
    return 'The file "yarn.lock" does not fit the package.json files. If you changed dependencies, run "npm run exec -- yarn install" and commit the new "yarn.lock".';
  }
  return explainFailure(output);
}

/** Yarn leaves a bin out when its file was not there yet; the file is part of this repository. */
function linkCli() {
  const target = path.join(
    root,
    'packages/cli-module-innominatus/bin/innominatus',
  );
  if (fs.existsSync(cliBin) || !fs.existsSync(target)) return;
  fs.mkdirSync(path.dirname(cliBin), { recursive: true });
  fs.rmSync(cliBin, { force: true });
  fs.symlinkSync(path.relative(path.dirname(cliBin), target), cliBin);
}

/** Installs the dependencies unless the last complete install was for the same files and the same Node. */
export async function install({ yarn, env, nodeVersion }) {
  const value = fingerprint(
    ['package.json', 'yarn.lock', '.yarnrc.yml', ...packageFiles()],
    [nodeVersion, process.platform, process.arch],
  );
  const stamp = path.join(modules, '.innominatus-install');
  const done = await whenChanged({ stamp, value }, async () => {
    checkDisk();
    say(
      'installing the dependencies (about 2 GB; one to two minutes the first time)',
    );
    const { code, output } = await run(yarn, ['install', '--immutable'], {
      cwd: root,
      env: { ...env, YARN_ENABLE_COLORS: 'false' },
      // The steps, without the hundreds of notes on single packages.
      show: line => /^\S+ YN0000: [┌·]/.test(line),
    });
    if (code !== 0) {
      process.stderr.write(output);
      const why = explainInstall(output);
      throw new PlainError(
        `"yarn install" failed with exit code ${code}.${why ? ` ${why}` : ''}`,
      );
    }
  });
  linkCli();
  say(
    done ? 'the dependencies are installed' : 'the dependencies are up to date',
  );
}
