import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../scripts/lib/postgres.mjs';

const HELP = `npm run chaos -- [options]

Works on random runs while backends are killed with -9, stopped, stalled for
longer than a lease, and while PostgreSQL is restarted. Then holds the journal of
each run against what its steps did. Ends with one line "CHAOS {...}"; the exit
code is 1 when a run was lost or something happened that must not happen.

  --kills N        kills with -9 (default 100)
  --database D     sqlite or postgres (default postgres)
  --backends N     processes at work (default 3 on postgres, 1 on sqlite)
  --seed N         draws the same workflows and the same kills again
  --fault F        breaks the journal on purpose, to show that it is noticed:
                   no-fencing or early-answer
  --keep           keeps the folder with the ledgers and the SQLite file
`;

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const BACKEND =
  'plugins/innominatus-backend/src/__testUtils__/chaos/chaosBackend.ts';

function readOptions() {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '100' },
      database: { type: 'string', default: 'postgres' },
      backends: { type: 'string' },
      seed: { type: 'string' },
      fault: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  if (!['sqlite', 'postgres'].includes(values.database)) {
    throw new Error(`"--database ${values.database}": sqlite or postgres.`);
  }
  const number = (name, text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1) {
      throw new Error(`"--${name} ${text}": a whole number from 1.`);
    }
    return value;
  };
  return {
    ...values,
    kills: number('kills', values.kills),
    backends: number(
      'backends',
      values.backends ?? (values.database === 'postgres' ? 3 : 1),
    ),
    seed: number('seed', values.seed ?? 1 + Math.floor(Math.random() * 1e9)),
  };
}

/** One file for each program: a backend that is killed often must start fast. */
async function bundle(outdir) {
  const require = createRequire(path.join(root, 'package.json'));
  const { build } = require('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: { backend: BACKEND, chaos: path.join(here, 'chaos.ts') },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node22',
    sourcemap: 'inline',
    // What has native parts, or looks for its own files.
    external: ['better-sqlite3', 'pg', 'pg-native', 'knex', 'express'],
    logLevel: 'error',
  });
}

const options = readOptions();
if (!options) {
  process.stdout.write(HELP);
  process.exit(0);
}
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'innominatus-chaos-'));
const programs = path.join(root, 'node_modules/.cache/innominatus-chaos');
fs.mkdirSync(programs, { recursive: true });
const out = fs.mkdtempSync(path.join(programs, 'run-'));
let postgres;
let code = 1;
try {
  await bundle(out);
  if (options.database === 'postgres') {
    postgres = await startPostgres({ durable: true });
  }
  const child = fork(
    path.join(out, 'chaos.js'),
    [
      JSON.stringify({
        ...options,
        folder,
        url: postgres?.url,
        backend: path.join(out, 'backend.js'),
      }),
    ],
    { execArgv: ['--enable-source-maps'] },
  );
  child.on('message', async message => {
    if (message === 'restart') {
      await postgres.restart();
      child.send('restarted');
    }
  });
  code = await new Promise(resolve => child.on('close', resolve));
} finally {
  await postgres?.stop();
  fs.rmSync(out, { recursive: true, force: true });
  if (options.keep) process.stdout.write(`Kept ${folder}\n`);
  else fs.rmSync(folder, { recursive: true, force: true });
}
process.exitCode = code ?? 1;
