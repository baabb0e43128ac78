import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { say } from '../../../scripts/lib/log.mjs';
import { startPostgres } from '../../../scripts/lib/postgres.mjs';
import { createDatabase } from './benchDatabase.mjs';
import { summarize } from './report.mjs';
import { runProgram } from './runProgram.mjs';
import { timesAt } from './times.mjs';

/** Empty tables would compare nothing: lists have to fill a page in both. */
const SHORT_HISTORY = 2_000;
const CONCURRENCY = [1, 50];
const FILL_MS_PER_RUN = 10;
const LIMIT_MS = 300_000;

/** More pages than this many times those of the short history is growth. */
const GROWTH = 4;
const PAGES_THAT_DO_NOT_MATTER = 1_000;
const MS_THAT_DO_NOT_MATTER = 5;

/**
 * Measures the same work and the same questions on tables with a short and with
 * a long history, in turn.
 */
export async function measureHistory({ runs, rounds, times, on }) {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'innominatus-bench-'));
  const postgres =
    on === 'postgres' ? await startPostgres({ durable: true }) : undefined;
  try {
    const places = {};
    for (const [name, count] of [
      ['short', SHORT_HISTORY],
      ['long', runs],
    ]) {
      const folder = path.join(base, name);
      fs.mkdirSync(folder);
      const database = postgres && (await createDatabase(postgres));
      const place = {
        folder,
        url: database?.url,
        server: database && { pid: database.pid, url: database.url },
      };
      say(`filling ${on} with ${count} finished runs`);
      const { result } = await runProgram({
        file: 'history/fill.ts',
        argument: { ...place, concurrency: 20, runs: count },
        limitMs: LIMIT_MS + count * FILL_MS_PER_RUN,
        onProgress: say,
      });
      places[name] = { ...place, filled: result };
    }
    // Before the work, which leaves dead rows behind.
    const questions = await askBoth(places);
    const work = await measureWork({ places, rounds, times });
    return {
      on,
      filled: places.long.filled,
      work,
      questions,
    };
  } finally {
    await postgres?.stop();
    fs.rmSync(base, { recursive: true, force: true });
  }
}

async function measureWork({ places, rounds, times }) {
  const found = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const concurrency of CONCURRENCY) {
      for (const name of ['short', 'long']) {
        const { filled: _, ...place } = places[name];
        const { result } = await runProgram({
          file: 'subjects/innominatus.ts',
          argument: {
            ...place,
            ...timesAt(concurrency, times),
            concurrency,
          },
          limitMs: LIMIT_MS,
        });
        say(
          `${name} history, ${concurrency} at a time: ${result.perSecond.toFixed(
            0,
          )} workflows/s`,
        );
        (found[`${name}@${concurrency}`] ??= []).push(result);
      }
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([name, results]) => [name, summarize(results)]),
  );
}

async function askBoth(places) {
  const answers = {};
  for (const name of ['short', 'long']) {
    const { filled: _, ...place } = places[name];
    ({ result: answers[name] } = await runProgram({
      file: 'history/ask.ts',
      argument: { ...place, concurrency: 20 },
      limitMs: LIMIT_MS,
    }));
  }
  return answers.long.map((long, i) => {
    const short = answers.short[i];
    return { name: long.name, short, long, grows: grows(short, long) };
  });
}

/**
 * Pages tell it on a busy machine too. SQLite does not tell them, and its plan
 * does not say whether a scan along the key ends with the page: so time does.
 */
function grows(short, long) {
  if (long.pages === undefined) {
    return long.ms > MS_THAT_DO_NOT_MATTER && long.ms > GROWTH * short.ms;
  }
  return (
    long.scans.length > 0 ||
    (long.pages > PAGES_THAT_DO_NOT_MATTER && long.pages > GROWTH * short.pages)
  );
}

/** The lines that say what a long history costs. */
export function formatHistory({ on, filled, work, questions }) {
  const cell = value => String(value ?? '-').padStart(10);
  const line = (label, ...cells) =>
    `${label.padEnd(38)}${cells.map(cell).join('')}`;
  const ratio = (long, short) => (long / short).toFixed(2);
  return [
    '',
    `${on}: ${filled.runs} finished runs, ${Math.round(
      filled.megabytes,
    )} MB, against ${SHORT_HISTORY}`,
    line('workflows/s', 'short', 'long', 'ratio'),
    ...CONCURRENCY.map(concurrency => {
      const short = work[`short@${concurrency}`];
      const long = work[`long@${concurrency}`];
      return line(
        `${concurrency} at a time`,
        short.perSecond.toFixed(0),
        long.perSecond.toFixed(0),
        ratio(long.perSecond, short.perSecond),
      );
    }),
    '',
    line('ms (median), pages read', 'short', 'long', 'ratio', 'short', 'long'),
    ...questions.flatMap(({ name, short, long, grows: isGrowing }) => [
      `${line(
        name,
        short.ms.toFixed(2),
        long.ms.toFixed(2),
        ratio(long.ms, short.ms),
        short.pages,
        long.pages,
      )}${isGrowing ? '  GROWS' : ''}`,
      ...(isGrowing ? [`    ${long.access.join('; ')}`] : []),
    ]),
  ];
}

/** What the last line of a run with history says. */
export function historyFigures({ filled, work, questions }) {
  return {
    runs: filled.runs,
    ...Object.fromEntries(
      CONCURRENCY.map(concurrency => [
        `throughput@${concurrency}`,
        Number(
          (
            work[`long@${concurrency}`].perSecond /
            work[`short@${concurrency}`].perSecond
          ).toFixed(2),
        ),
      ]),
    ),
    grows: questions.filter(({ grows: yes }) => yes).map(({ name }) => name),
  };
}
