import { once } from 'node:events';
import { join } from 'node:path';
import knexFactory, { Knex } from 'knex';
import {
  ChaosCounts,
  ChaosResult,
  ChaosTrial,
} from '../../plugins/innominatus-backend/src/__testUtils__/chaos/ChaosTrial';
import { Fleet } from '../../plugins/innominatus-backend/src/__testUtils__/chaos/Fleet';
import { quietLogger } from '../../plugins/innominatus-backend/src/__testUtils__/chaos/quietLogger';
import {
  createRandom,
  randomEventfulWorkflow,
} from '../../plugins/innominatus-backend/src/__testUtils__/chaos/randomRuns';
import { applyMigrations } from '../../plugins/innominatus-backend/src/database';
import { DatabaseJournal } from '../../plugins/innominatus-backend/src/engine';

const LEASE_MS = 1500;
const SHOWN_VIOLATIONS = 20;

interface ChaosOptions {
  kills: number;
  backends: number;
  seed: number;
  folder: string;
  /** The program of a backend. */
  backend: string;
  /** Of PostgreSQL; without it SQLite is used. */
  url?: string;
  fault?: string;
}

async function main(options: ChaosOptions): Promise<boolean> {
  const { url, folder, seed, fault, kills, backends } = options;
  const database = url
    ? { client: 'pg', connection: url, pool: { min: 0, max: 5 } }
    : {
        client: 'better-sqlite3',
        connection: { filename: join(folder, 'runs.sqlite') },
      };
  const knex = knexFactory({
    ...database,
    useNullAsDefault: true,
    log: quietLogger,
  });
  await applyMigrations(knex);
  if (!url) {
    await knex.raw('pragma journal_mode = wal');
  }
  const backend = { folder, database, leaseMs: LEASE_MS, fault };
  const fleet = Fleet.start({
    command: [options.backend, JSON.stringify(backend)],
    size: backends,
  });
  const random = createRandom(seed);
  print(
    `${kills} kills, ${backends} backends on ${url ? 'PostgreSQL' : 'SQLite'}, seed ${seed}${fault ? `, fault ${fault}` : ''}`,
  );
  const begun = performance.now();
  const result = await ChaosTrial.run({
    knex,
    folder,
    fleet,
    random,
    kills,
    leaseMs: LEASE_MS,
    backlog: 8 * backends,
    runs: 20,
    workflow: randomEventfulWorkflow,
    shares: {
      // Only who was away for a while can tell whether there is fencing.
      stall: fault ? 0.4 : 0.08,
      stop: 0.08,
      outage: 0.02,
      cancel: 0.08,
    },
    outage: url ? restartPostgres : undefined,
    patienceMs: 120_000,
    // Shorter than a lease among several; alone, a backend has to get to work.
    pauseMs: () => (backends > 1 ? 50 : 900) + random() * 500,
    onProgress: progress(begun),
  });
  await report(result, { knex, seed });
  await knex.destroy();
  return result.lost.length === 0 && result.violations.length === 0;
}

async function restartPostgres(): Promise<void> {
  process.send?.('restart');
  await once(process, 'message');
}

function progress(begun: number): (counts: ChaosCounts) => void {
  let shownAt = begun;
  return counts => {
    if (performance.now() - shownAt > 10_000) {
      shownAt = performance.now();
      print(`${Math.round((shownAt - begun) / 1000)} s: ${describe(counts)}`);
    }
  };
}

function describe(counts: ChaosCounts): string {
  const { kills, stalls, stops, outages, cancels, runs, ended } = counts;
  return `${kills} kills, ${stalls} stalls, ${stops} shutdowns, ${outages} restarts of the database, ${cancels} cancels; ${ended} of ${runs} runs ended`;
}

async function report(
  result: ChaosResult,
  { knex, seed }: { knex: Knex; seed: number },
): Promise<void> {
  const { kills, runs, ended, lost, finishedTwice, interrupted } = result;
  print(describe(result));
  print(
    `Interrupted steps: ${interrupted.rerun} run again, ${interrupted.resume} resumed, ${interrupted.hold} held for a person. ${result.refused} effects of stale workers were refused by their fencing token.`,
  );
  const bad = new Set(result.violations.map(({ runId }) => runId));
  for (const { runId, violation } of result.violations.slice(
    0,
    SHOWN_VIOLATIONS,
  )) {
    print(`VIOLATION in run ${runId} (seed ${seed}): ${violation}`);
  }
  const [first] = [...bad, ...lost];
  if (first) {
    print(`The journal of run ${first}:`);
    for (const event of await DatabaseJournal.create(knex).read(first)) {
      print(JSON.stringify(event).slice(0, 2000));
    }
  }
  const line = {
    kills,
    runs,
    ended,
    lost: lost.length,
    finishedTwice,
    violations: result.violations.length,
    stalls: result.stalls,
    shutdowns: result.stops,
    restarts: result.outages,
    refused: result.refused,
    seed,
  };
  print(`CHAOS ${JSON.stringify(line)}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main(JSON.parse(process.argv[2])).then(
  ok => process.exit(ok ? 0 : 1),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
