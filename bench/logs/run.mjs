import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../../scripts/lib/postgres.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const TRANSFORM = createRequire(import.meta.url).resolve(
  '@backstage/cli/config/nodeTransform.cjs',
);
const lines = Number(process.argv[2] ?? 1_000_000);

function measure(options) {
  const child = spawn(
    process.execPath,
    [
      ...['--require', TRANSFORM],
      path.join(here, 'longRun.ts'),
      JSON.stringify(options),
    ],
    { stdio: 'inherit' },
  );
  return new Promise(resolve => child.on('close', resolve));
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'innominatus-logs-'));
const postgres = await startPostgres({ durable: true });
try {
  const codes = [
    await measure({ lines, url: postgres.url }),
    await measure({ lines, file: path.join(folder, 'runs.sqlite') }),
  ];
  process.exitCode = codes.every(code => code === 0) ? 0 : 1;
} finally {
  await postgres.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}
