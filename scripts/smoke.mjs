// Starts the portal as a person would, with "npm start", deploys the sample with the CLI
// as in the README, and stops it with what Ctrl-C sends. Used by .ci/run.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { say } from './lib/log.mjs';
import { cliBin, reportDir, root, toolsDir } from './lib/paths.mjs';
import { freePort, listenError } from './lib/ports.mjs';
import { readinessUrl } from './lib/server.mjs';

const READY_WITHIN_MS = 10 * 60_000;
const DEPLOY_WITHIN_MS = 3 * 60_000;
const STOP_WITHIN_MS = 30_000;

const port = Number(process.env.PORT) || (await freePort());
const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'innominatus-smoke-'));
const url = `http://localhost:${port}`;

function startPortal() {
  fs.mkdirSync(reportDir, { recursive: true });
  const logFile = path.join(reportDir, 'smoke.log');
  const log = fs.openSync(logFile, 'w');
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      INNOMINATUS_DATA: path.join(temp, 'data'),
    },
    // A group of its own, so that the signal reaches npm and all it started, as Ctrl-C would.
    detached: true,
    stdio: ['ignore', log, log],
  });
  const ended = new Promise(resolve => child.once('close', resolve));
  return { child, ended, logFile };
}

async function waitUntilReady(child) {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) {
      throw new Error(
        `"npm start" ended with exit code ${child.exitCode} before it was ready`,
      );
    }
    try {
      const response = await fetch(readinessUrl(port));
      if (response.ok) return;
    } catch {
      // Nobody listens yet.
    }
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  throw new Error(`"npm start" was not ready within ${READY_WITHIN_MS} ms`);
}

function innominatus(...args) {
  say(`innominatus ${args.join(' ')}`);
  const result = spawnSync(cliBin, args, {
    cwd: root,
    // A home of its own: the sign-in of this run is nobody else's.
    env: {
      ...process.env,
      PATH: `${path.join(toolsDir, 'bin')}${path.delimiter}${process.env.PATH}`,
      HOME: temp,
      XDG_CONFIG_HOME: path.join(temp, 'config'),
      XDG_DATA_HOME: path.join(temp, 'share'),
      XDG_STATE_HOME: path.join(temp, 'state'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    timeout: DEPLOY_WITHIN_MS,
  });
  process.stdout.write(result.stdout ?? '');
  if (result.status !== 0) {
    throw new Error(
      `"innominatus ${args.join(' ')}" ended with ${
        result.error?.message ?? `exit code ${result.status}`
      }`,
    );
  }
  return result.stdout;
}

async function stopPortal({ child, ended }) {
  if (child.exitCode === null) process.kill(-child.pid, 'SIGINT');
  const timer = setTimeout(() => {
    say('the portal did not stop in time');
    process.kill(-child.pid, 'SIGKILL');
  }, STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
  const code = await listenError(port);
  if (code) throw new Error(`port ${port} is still taken after the stop`);
}

say(`smoke: npm start on port ${port}`);
const portal = startPortal();
let failure;
try {
  await waitUntilReady(portal.child);
  say('smoke: the portal is ready');
  const page = await fetch(url);
  const html = await page.text();
  if (!page.ok || !html.includes('<div id="root"')) {
    throw new Error(`"${url}" does not serve the portal (${page.status})`);
  }
  innominatus('login', '--url', url);
  innominatus(
    ...['deploy', 'examples/score/podinfo.yaml'],
    ...['--env', 'development', '--watch'],
  );
  const shown = innominatus('status', 'development/podinfo', '-o', 'json');
  if (!shown.includes('podinfo')) {
    throw new Error('"innominatus status" does not know the deployed sample');
  }
} catch (error) {
  failure = error;
}
try {
  await stopPortal(portal);
} catch (error) {
  failure ??= error;
}
fs.rmSync(temp, { recursive: true, force: true });
if (failure) {
  const log = fs.readFileSync(portal.logFile, 'utf8');
  process.stderr.write(`${log.slice(-6_000)}\n`);
  say(`smoke failed: ${failure.message}. The whole log: ${portal.logFile}`);
  process.exit(1);
}
say('smoke: passed');
