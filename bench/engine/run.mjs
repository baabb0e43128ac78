import fs from 'node:fs';
import os from 'node:os';
import { PlainError, say } from '../../scripts/lib/log.mjs';
import { startPostgres } from '../../scripts/lib/postgres.mjs';
import {
  formatHistory,
  historyFigures,
  measureHistory,
} from './lib/history.mjs';
import { USAGE, readOptions } from './lib/options.mjs';
import { installPeer } from './lib/peers.mjs';
import {
  formatMarkdown,
  formatTable,
  legend,
  ratiosOf,
  summarize,
} from './lib/report.mjs';
import { measureOnce } from './lib/round.mjs';
import { SUBJECTS } from './lib/subjects.mjs';

/** The short form gives up a round rather than its promise of six minutes. */
const QUICK_LIMIT_MS = 345_000;

/** Part of the full form; `--history` goes to a million. */
const SMALL_HISTORY = { on: 'postgres', runs: 50_000, rounds: 1 };

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
      // The last line says what to do.
      const [reason] = error.message.trim().split('\n').slice(-1);
      absent.set(key, `it could not be installed: ${reason}`);
    }
  }
  return folders;
}

async function measureRound({ subjects, found, absent, ...options }) {
  for (const subject of subjects) {
    for (const concurrency of subject.at) {
      const name = `${subject.key}@${concurrency}`;
      if (absent.has(subject.key) || absent.has(name)) continue;
      try {
        const { result, problems } = await measureOnce({
          subject,
          concurrency,
          postgres: options.postgres,
          peer: options.folders[subject.key],
          times: options.times,
        });
        if (problems) say(`${name} said: ${firstLine(problems)}`);
        say(`${name.padEnd(16)} ${result.perSecond.toFixed(0)} workflows/s`);
        (found[name] ??= []).push(result);
      } catch (error) {
        // Ours has to work; a peer that does not is left out with the reason.
        if (subject.key.startsWith('ours')) throw error;
        say(`${name}: ${error.message}`);
        // What it did in rounds before was checked, and counts.
        if (!found[name]) {
          absent.set(name, `it failed: ${firstLine(error.message)}`);
        }
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

function writeJson({ json, times }, measured) {
  if (!json) return;
  const machine = { cores: os.availableParallelism(), node: process.version };
  fs.writeFileSync(
    json,
    `${JSON.stringify({ machine, times, ...measured }, undefined, 2)}\n`,
  );
}

function report({ found, absent, rounds, history }, options) {
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
    ...(history ? formatHistory(history) : []),
    ...(options.markdown
      ? [1, 50].flatMap(concurrency => formatMarkdown({ table, concurrency }))
      : []),
    ...missing,
    ...Object.entries(ratios).map(
      ([name, value]) => `ours is ${value} x ${name}`,
    ),
  ]);
  writeJson(options, { found, table, ratios, history });
  print([`RATIOS ${JSON.stringify(ratios)}`]);
}

async function reportHistory(options) {
  const histories = [];
  for (const on of options.on ? [options.on] : ['postgres', 'sqlite']) {
    histories.push(await measureHistory({ ...options, on }));
  }
  print(histories.flatMap(formatHistory));
  writeJson(options, { histories });
  const figures = histories.map(history => [
    history.on,
    historyFigures(history),
  ]);
  print([`HISTORY ${JSON.stringify(Object.fromEntries(figures))}`]);
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    print([USAGE]);
    return;
  }
  if (options.history) {
    await reportHistory(options);
    return;
  }
  const measured = await measureAll(options);
  // The short form has no time for it.
  const history =
    !options.quick && !options.only
      ? await measureHistory({ ...options, ...SMALL_HISTORY })
      : undefined;
  report({ ...measured, history }, options);
}

main().catch(error => {
  const known = error instanceof PlainError;
  process.stderr.write(`\n${known ? error.message : error.stack}\n`);
  process.exitCode = known ? error.exitCode : 1;
});
