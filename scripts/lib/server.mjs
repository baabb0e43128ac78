import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepareData } from './demoData.mjs';
import { PlainError } from './log.mjs';
import { backendDir, root } from './paths.mjs';
import { listenError } from './ports.mjs';
import { GRACE_MS, exitCodeOf, start } from './processes.mjs';

const READY_WITHIN_MS = 180_000;

async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** The address that says whether every plugin has started. */
export function readinessUrl(port) {
  return `http://127.0.0.1:${port}/.backstage/health/v1/readiness`;
}

/** Refuses a port that cannot be used, and says which way out there is. */
export async function checkPort(port) {
  const code = await listenError(port);
  if (!code) return;
  const takeAnother =
    'take another port with "npm start -- --port 7010" or the environment variable PORT';
  if (code === 'EACCES') {
    throw new PlainError(
      `This user may not listen on port ${port}. To go on, ${takeAnother}.`,
    );
  }
  const ours = await answers(readinessUrl(port));
  throw new PlainError(
    `Port ${port} is taken by ${
      ours ? 'a portal that is already running' : 'another program'
    }. Stop it and run the command again, or ${takeAnother}.`,
  );
}

async function waitUntilReady(port, ended) {
  const deadline = Date.now() + READY_WITHIN_MS;
  let over = false;
  const stop = () => {
    over = true;
  };
  ended.then(stop, stop);
  while (!over && Date.now() < deadline) {
    if (await answers(readinessUrl(port))) return true;
    await new Promise(resolve => setTimeout(resolve, 250));
  }
  return false;
}

/**
 * Starts the backend, which serves portal and API on one port.
 *
 * Returns `ready` (true when every plugin is up, false when the backend ended or was too
 * slow), `ended` (the exit code) and `stop`.
 */
export function startServer(options) {
  const { tools, port, data, args = [], output = 'inherit' } = options;
  prepareData(data);
  const watcher = path.join(root, 'scripts', 'lib', 'stopWithParent.mjs');
  const child = start(
    tools.node,
    [
      ...['--require', '@backstage/cli-node/config/nodeTransform.cjs'],
      ...['--import', pathToFileURL(watcher).href],
      'src/index.ts',
      ...['--config', '../../app-config.yaml'],
      ...['--config', '../../app-config.demo.yaml'],
      ...args,
    ],
    {
      cwd: backendDir,
      env: {
        ...tools.env,
        NODE_ENV: 'production',
        // Leaves a terminal readable; "LOG_LEVEL=info npm start" shows every request.
        LOG_LEVEL: tools.env.LOG_LEVEL ?? 'warn',
        INNOMINATUS_DATA: data,
        PORT: String(port),
      },
      // Backstage cuts its shutdown short at a second signal, and Ctrl-C reaches a whole
      // process group: in a group of its own the backend gets ours only. The pipe on its
      // stdin is how it notices that this process has gone (see stopWithParent.mjs).
      detached: true,
      stdio: ['pipe', output, output],
    },
  );
  child.stdin.on('error', () => {});
  const ended = exitCodeOf(child);
  return {
    pid: child.pid,
    ready: waitUntilReady(port, ended),
    ended,
    stop: async () => {
      const signal = name => {
        if (child.exitCode === null && child.signalCode === null) {
          child.kill(name);
        }
      };
      signal('SIGTERM');
      const timers = [
        setTimeout(signal, GRACE_MS, 'SIGTERM'),
        setTimeout(signal, 2 * GRACE_MS, 'SIGKILL'),
      ];
      await ended.catch(() => {});
      timers.forEach(clearTimeout);
    },
  };
}
