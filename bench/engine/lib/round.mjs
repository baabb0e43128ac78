import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { createDatabase } from './benchDatabase.mjs';
import { startRedis } from './redisServer.mjs';
import { startRestate } from './restateServer.mjs';

/** For the start of an engine, its first workflows and the check of its tables. */
const SPARE_MS = 45_000;
const OUTPUT_LIMIT = 4_000;

const TRANSFORM = createRequire(import.meta.url).resolve(
  '@backstage/cli/config/nodeTransform.cjs',
);

/**
 * Measures one subject once. Each round has a process of its own, so that none
 * inherits a warm heap, and an empty store.
 */
export async function measureOnce(options) {
  const { subject, concurrency, postgres, peer, times } = options;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'innominatus-bench-'));
  let server;
  try {
    server = await startStore({ on: subject.on, folder, postgres });
    const { stop: _, ...address } = server ?? {};
    return await runProcess(subject.file, {
      ...times,
      concurrency,
      folder,
      peer,
      server: server && address,
      url: server?.url,
    });
  } finally {
    await server?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function startStore({ on, folder, postgres }) {
  if (on === 'postgres') return createDatabase(postgres);
  if (on === 'restate') return startRestate(folder);
  if (on === 'redis') return startRedis(folder);
  return undefined;
}

function runProcess(file, options) {
  const program = path.join(import.meta.dirname, '..', 'subjects', file);
  const limitMs = options.warmUpMs + options.windowMs + SPARE_MS;
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        // The drivers that peers bring along tell of their own future.
        '--no-deprecation',
        ...(file.endsWith('.ts') ? ['--require', TRANSFORM] : []),
        program,
        JSON.stringify(options),
      ],
      {
        env: { ...process.env, NODE_ENV: 'production' },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: limitMs,
        killSignal: 'SIGKILL',
      },
    );
    let output = '';
    let problems = '';
    child.stdout.on('data', chunk => {
      output += chunk;
    });
    child.stderr.on('data', chunk => {
      problems = `${problems}${chunk}`.slice(-OUTPUT_LIMIT);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const line = /^RESULT (.*)$/m.exec(output);
      if (code === 0 && line) {
        resolve({ ...JSON.parse(line[1]), problems: problems.trim() });
      } else {
        reject(
          new Error(
            `"${file}" ${
              signal === 'SIGKILL'
                ? `was not done within ${limitMs / 1000} s`
                : `ended with ${signal ?? `code ${code}`}`
            }. ${problems.trim()}`,
          ),
        );
      }
    });
  });
}
