import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../../scripts/lib/postgres.mjs';

const USAGE = `Usage: npm run bench:plan -- [--quick] [--on sqlite|postgres]

Plans of 50 and of 500 resources, and lists of 100 and of 10,000 applications,
on SQLite and on PostgreSQL. The last line has the larger figures of the two.
`;

/** What a plan and a list may cost at most. */
const GOALS = { plan50P95Ms: 50, plan500P95Ms: 500, list10kOver100: 1.3 };

const here = path.dirname(fileURLToPath(import.meta.url));
const TRANSFORM = createRequire(import.meta.url).resolve(
  '@backstage/cli/config/nodeTransform.cjs',
);

function readOptions(args) {
  const options = { quick: false, on: ['sqlite', 'postgres'] };
  for (let index = 0; index < args.length; index += 1) {
    if (args[index] === '--quick') {
      options.quick = true;
    } else if (
      args[index] === '--on' &&
      ['sqlite', 'postgres'].includes(args[index + 1])
    ) {
      options.on = [args[(index += 1)]];
    } else {
      process.stderr.write(USAGE);
      process.exit(args[index] === '--help' ? 0 : 2);
    }
  }
  return options;
}

/** Runs the measurement in a process of its own, and answers its figures. */
function measure(options) {
  const child = spawn(
    process.execPath,
    [
      ...['--require', TRANSFORM],
      path.join(here, 'measure.ts'),
      JSON.stringify(options),
    ],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  return new Promise((resolve, reject) => {
    let figures;
    child.on('message', message => {
      figures = message;
    });
    child.on('close', code =>
      code === 0 && figures
        ? resolve(figures)
        : reject(new Error(`The measurement ended with ${code}.`)),
    );
  });
}

async function onPostgres({ quick }) {
  const postgres = await startPostgres();
  try {
    return await measure({ quick, url: postgres.url });
  } finally {
    await postgres.stop();
  }
}

async function onSqlite({ quick }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'innominatus-plan-'));
  try {
    return await measure({ quick, file: path.join(folder, 'plan.sqlite') });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const options = readOptions(process.argv.slice(2));
const all = [];
for (const database of options.on) {
  all.push(await (database === 'sqlite' ? onSqlite : onPostgres)(options));
}
const worst = Object.fromEntries(
  Object.keys(GOALS).map(name => [
    name,
    Math.max(...all.map(figures => figures[name])),
  ]),
);
for (const [name, goal] of Object.entries(GOALS)) {
  if (worst[name] > goal) {
    process.stdout.write(`${name} is ${worst[name]}, the goal is ${goal}\n`);
    process.exitCode = 1;
  }
}
process.stdout.write(`PLAN ${JSON.stringify(worst)}\n`);
