import fs from 'node:fs';
import os from 'node:os';
import { PlainError, say } from '../../scripts/lib/log.mjs';
import { startPostgres } from '../../scripts/lib/postgres.mjs';
import { USAGE, readOptions } from './lib/options.mjs';
import { installPeer } from './lib/peers.mjs';
import { formatTable, legend, ratiosOf, summarize } from './lib/report.mjs';
import { measureOnce } from './lib/round.mjs';
import { SUBJECTS } from './lib/subjects.mjs';

/** The short form gives up a round rather than its promise of six minutes. */
const QUICK_LIMIT_MS = 345_000;

const print = lines => process.stdout.write(`${lines.join('\n')}\n`);
const firstLine = text => text.split('\n', 1)[0];

function chooseSubjects({ quick, only }) {
  return SUBJECTS.filter(({ key }) => !only || only.includes(key)).map(
    subject => ({
      ...subject,
      at: (quick && !only && subject.quickAt) || subject.at,
    }),
  );
}

/** Installs the peers; one that cannot be had is left out, with the reason. */
function installPeers(subjects, absent) {
  const folders = {};
  for (const { key, peer } of subjects) {
    if (!peer) continue;
    try {
      folders[key] = installPeer(peer);
    } catch (error) {
      absent.set(key, `it could not be installed: ${firstLine(error.message)}`);
    }
  }
  return folders;
}

async function measureRound({ subjects, found, absent, ...options }) {
  for (const subject of subjects) {
    for (const concurrency of subject.at) {
      if (absent.has(subject.key)) break;
      const name = `${subject.key}@${concurrency}`;
      try {
        const result = await measureOnce({
          subject,
          concurrency,
          postgres: options.postgres,
          peer: options.folders[subject.key],
          times: options.times,
        });
        if (result.problems) say(`${name} said: ${firstLine(result.problems)}`);
        say(`${name.padEnd(16)} ${result.perSecond.toFixed(0)} workflows/s`);
        (found[name] ??= []).push(result);
      } catch (error) {
        // Ours has to work; a peer that does not is left out with the reason.
        if (subject.key.startsWith('ours')) throw error;
        say(`${name}: ${error.message}`);
        absent.set(subject.key, `it failed: ${firstLine(error.message)}`);
        for (const at of subject.at) delete found[`${subject.key}@${at}`];
      }
    }
  }
}

async function measureAll(options) {
  // What was installed before this process began counts too.
  const begun = Number(process.env.BENCH_BEGUN_AT) || Date.now();
  const absent = new Map();
  const found = {};
  const subjects = chooseSubjects(options);
  const folders = installPeers(subjects, absent);
  const postgres = await startPostgres({ durable: true });
  let rounds = 0;
  try {
    // Rounds go around the subjects, so that a busy minute hits all of them.
    for (let longest = 0; rounds < options.rounds; rounds += 1) {
      const roundBegun = Date.now();
      if (options.quick && roundBegun - begun + longest > QUICK_LIMIT_MS) break;
      say(`round ${rounds + 1} of ${options.rounds}`);
      await measureRound({
        ...{ subjects, found, absent, postgres, folders },
        times: options.times,
      });
      longest = Math.max(longest, Date.now() - roundBegun);
    }
  } finally {
    await postgres.stop();
  }
  return { found, absent, rounds };
}

function report({ found, absent, rounds }, options) {
  const table = Object.fromEntries(
    Object.entries(found).map(([name, results]) => [name, summarize(results)]),
  );
  const ratios = ratiosOf(table);
  const missing = [...absent].map(
    ([key, reason]) => `${key} is absent: ${reason}`,
  );
  if (rounds < options.rounds) {
    missing.push(`${rounds} of ${options.rounds} rounds fitted into the time.`);
  }
  print([
    ...formatTable({ table, concurrency: 1, rounds }),
    ...formatTable({ table, concurrency: 50, rounds }),
    ...legend(),
    ...missing,
    ...Object.entries(ratios).map(
      ([name, value]) => `ours is ${value} x ${name}`,
    ),
  ]);
  if (options.json) {
    const machine = { cores: os.availableParallelism(), node: process.version };
    const all = { machine, times: options.times, found, table, ratios };
    fs.writeFileSync(options.json, `${JSON.stringify(all, undefined, 2)}\n`);
  }
  print([`RATIOS ${JSON.stringify(ratios)}`]);
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    print([USAGE]);
    return;
  }
  report(await measureAll(options), options);
}

main().catch(error => {
  const known = error instanceof PlainError;
  process.stderr.write(`\n${known ? error.message : error.stack}\n`);
  process.exitCode = known ? error.exitCode : 1;
});
