import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDatabase } from './benchDatabase.mjs';
import { startRedis } from './redisServer.mjs';
import { startRestate } from './restateServer.mjs';
import { runProgram } from './runProgram.mjs';
import { timesAt } from './times.mjs';

/** For the start of an engine, its first workflows and the check of its tables. */
const SPARE_MS = 45_000;

/**
 * Measures one subject once. Each round has a process of its own, so that none
 * inherits a warm heap, and an empty store.
 */
export async function measureOnce(options) {
  const { subject, concurrency, postgres, peer } = options;
  const times = timesAt(concurrency, options.times);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'innominatus-bench-'));
  let server;
  try {
    server = await startStore({ on: subject.on, folder, postgres });
    const { stop: _, ...address } = server ?? {};
    return await runProgram({
      file: `subjects/${subject.file}`,
      limitMs: times.warmUpMs + times.windowMs + SPARE_MS,
      argument: {
        ...times,
        concurrency,
        folder,
        peer,
        server: server && address,
        url: server?.url,
      },
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
