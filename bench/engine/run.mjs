import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../../scripts/lib/postgres.mjs';
import { cpuOfTree } from './lib/serverCpu.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const TRANSFORM = createRequire(import.meta.url).resolve(
  '@backstage/cli/config/nodeTransform.cjs',
);
const quick = process.argv.includes('--quick');
const ROUNDS = quick ? 3 : 5;

const SUBJECTS = [
  { key: 'ours', file: 'innominatus.ts', on: 'postgres', at: [1, 50] },
  { key: 'floor', file: 'floorPostgres.mjs', on: 'postgres', at: [1, 50] },
  { key: 'ours-sqlite', file: 'innominatus.ts', on: 'sqlite', at: [1, 50] },
  { key: 'naive-sqlite', file: 'naiveSqlite.mjs', on: 'sqlite', at: [1, 50] },
];

/** Each round has a process of its own, so that none inherits a warm heap. */
async function measureOnce({ subject, concurrency, postgres }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'innominatus-bench-'));
  const server = subject.on === 'postgres' ? postgres : undefined;
  const options = {
    concurrency,
    folder,
    url: server?.url,
    workflows: (concurrency === 1 ? 100 : 1000) * (quick ? 1 : 3),
    warmUp: concurrency === 1 ? 30 : 200,
  };
  const cpuBefore = server && cpuOfTree(server.pid);
  try {
    const result = await runProcess(subject.file, options);
    if (cpuBefore !== undefined) {
      const all = options.workflows + options.warmUp;
      result.serverCpuMs = (cpuOfTree(server.pid) - cpuBefore) / all;
    }
    return result;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function runProcess(file, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        ...['--require', TRANSFORM],
        path.join(here, 'subjects', file),
        JSON.stringify(options),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], timeout: 120_000 },
    );
    let output = '';
    child.stdout.on('data', chunk => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', code => {
      const line = /^RESULT (.*)$/m.exec(output);
      if (code === 0 && line) resolve(JSON.parse(line[1]));
      else reject(new Error(`"${file}" ended with code ${code}:\n${output}`));
    });
  });
}

const median = values =>
  values.sort((left, right) => left - right)[Math.floor(values.length / 2)];

function summarize(results) {
  const summary = {};
  for (const key of Object.keys(results[0])) {
    summary[key] = median(results.map(result => result[key]));
  }
  return summary;
}

function row(name, result) {
  const cells = [
    result.perSecond.toFixed(0),
    result.p50.toFixed(1),
    result.p99.toFixed(1),
    result.cpuMs.toFixed(2),
    result.serverCpuMs?.toFixed(2) ?? '-',
    result.rssMb.toFixed(0),
  ];
  return `${name.padEnd(18)}${cells.map(cell => cell.padStart(11)).join('')}`;
}

const postgres = await startPostgres({ durable: true });
const found = {};
try {
  // Rounds go around the subjects, so that a busy minute hits all of them.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of SUBJECTS) {
      for (const concurrency of subject.at) {
        const name = `${subject.key}@${concurrency}`;
        const result = await measureOnce({ subject, concurrency, postgres });
        (found[name] ??= []).push(result);
      }
    }
  }
} finally {
  await postgres.stop();
}

const table = Object.fromEntries(
  Object.entries(found).map(([name, results]) => [name, summarize(results)]),
);
const heads = ['wf/s', 'p50 ms', 'p99 ms', 'CPU ms/wf', 'server', 'RSS MB'];
const lines = [
  `10 durable no-op steps a workflow; median of ${ROUNDS} rounds; load ${os
    .loadavg()[0]
    .toFixed(1)} on ${os.availableParallelism()} cores`,
  `${' '.repeat(18)}${heads.map(head => head.padStart(11)).join('')}`,
  ...Object.entries(table).map(([name, result]) => row(name, result)),
  'Restate, DBOS, the scaffolder, graphile-worker and BullMQ are not measured by this version of the bench, so their ratios are absent.',
];
const ratio = (ours, theirs) =>
  Number((table[ours].perSecond / table[theirs].perSecond).toFixed(2));
const ratios = {
  'floor@50': ratio('ours@50', 'floor@50'),
  'floor@1': ratio('ours@1', 'floor@1'),
  'naive-sqlite@50': ratio('ours-sqlite@50', 'naive-sqlite@50'),
};
for (const [name, value] of Object.entries(ratios)) {
  lines.push(`ours is ${value} x ${name}`);
}
process.stdout.write(`${lines.join('\n')}\nRATIOS ${JSON.stringify(ratios)}\n`);
