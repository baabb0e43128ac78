import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { say } from './log.mjs';
import { root } from './paths.mjs';
import { run } from './processes.mjs';

const BROWSERS = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function find(program) {
  if (path.isAbsolute(program)) {
    return fs.existsSync(program) ? program : undefined;
  }
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map(dir => path.join(dir, program))
    .find(file => fs.existsSync(file));
}

/** Ubuntu puts a placeholder on PATH that only points to snap, so the program is asked. */
function works(program) {
  const file = find(program);
  if (!file) return undefined;
  const probe = spawnSync(file, ['--version'], { timeout: 20_000 });
  return probe.status === 0 ? file : undefined;
}

function findChromium() {
  for (const program of [process.env.CHROMIUM_PATH, ...BROWSERS]) {
    const file = program && works(program);
    if (file) return file;
  }
  try {
    const require = createRequire(path.join(root, 'package.json'));
    return works(require('@playwright/test').chromium.executablePath());
  } catch {
    return undefined;
  }
}

const PROGRAMS = {
  git: { find: () => works('git'), packages: ['git'], skips: 'Git tests' },
  chromium: {
    find: findChromium,
    // Without a font Chromium lays out pages with empty boxes.
    packages: ['chromium', 'fonts-liberation'],
    skips: 'browser tests',
  },
};

function mayInstall() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return false;
  if (!find('apt-get') || !fs.existsSync('/etc/os-release')) return false;
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(
    fs.readFileSync('/etc/os-release', 'utf8'),
  );
}

async function aptInstall(packages) {
  say(`installing system packages: ${packages.join(', ')} (up to a minute)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another program may be installing at this moment.
  const apt = args =>
    run('apt-get', ['-o', 'DPkg::Lock::Timeout=180', ...args], {
      env,
      show: () => false,
    });
  const install = [
    ...['-y', '-qq', '--no-install-recommends', 'install'],
    ...packages,
  ];
  let result = await apt(['-qq', 'update']);
  // A broken third-party source fails the update, though the packages may still be had.
  if (result.code !== 0) process.stderr.write(result.output);
  result = await apt(install);
  if (result.code !== 0) process.stderr.write(result.output);
}

/**
 * Looks for the system programs that tests need and installs them where that is allowed.
 *
 * Returns the path of each one found and, for the others, a sentence on what is skipped.
 */
export async function ensurePrograms(names) {
  const found = {};
  const look = () => {
    for (const name of names) found[name] ??= PROGRAMS[name].find();
  };
  look();
  const packages = names
    .filter(name => !found[name])
    .flatMap(name => PROGRAMS[name].packages);
  if (packages.length > 0 && mayInstall()) {
    await aptInstall(packages);
    look();
  }
  const missing = names
    .filter(name => !found[name])
    .map(
      name =>
        `"${name}" is not installed, so the ${PROGRAMS[name].skips} are skipped. Install it with your system's package manager (on Debian as root: apt-get install ${PROGRAMS[
          name
        ].packages.join(' ')})${
          name === 'chromium'
            ? ' or name a Chromium in the environment variable CHROMIUM_PATH'
            : ''
        }.`,
    );
  return { found, missing };
}
