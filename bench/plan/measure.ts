import knexFactory, { Knex } from 'knex';
import { applyMigrations } from '../../plugins/innominatus-backend/src/database';
import { deployed, manyApplications, scoreWith } from './fill';
import { BenchPlatform, createBenchPlatform } from './platform';

interface MeasureOptions {
  quick: boolean;
  url?: string;
  file?: string;
}

const FEW = 100;
const MANY = 10_000;
const WARM_UP = 25;
const ROUNDS = 5;

async function main(options: MeasureOptions): Promise<void> {
  const { quick } = options;
  const on = options.url ? 'PostgreSQL' : 'SQLite';
  const figures = {
    plan50P95Ms: await measurePlan(options, {
      resources: 50,
      times: quick ? 100 : 500,
    }),
    plan500P95Ms: await measurePlan(options, {
      resources: 500,
      times: quick ? 50 : 200,
    }),
    list10kOver100: await measureLists(options, quick ? 200 : 1_000),
  };
  print(
    `${on.padEnd(10)}  plan of 50 resources ${figures.plan50P95Ms} ms, of 500 ${figures.plan500P95Ms} ms; list of ${MANY} over ${FEW} ${figures.list10kOver100}`,
  );
  process.send?.(figures);
}

/** A plan that changes a quarter of the resources, and the image. */
async function measurePlan(
  options: MeasureOptions,
  { resources, times }: { resources: number; times: number },
): Promise<number> {
  return inDatabase(options, `plan${resources}`, async (knex, platform) => {
    await deployed(knex, platform, resources);
    const score = scoreWith(resources, 'large');
    const { summary } = await platform.plan('orders', score);
    if (summary.update < resources / 4) {
      throw new Error(`The plan changes ${summary.update} resources only.`);
    }
    return round(await p95(times, () => platform.plan('orders', score)));
  });
}

/** Few and many by turns, so that a busy moment hits both. */
async function measureLists(
  options: MeasureOptions,
  times: number,
): Promise<number> {
  return inDatabase(options, 'few', async (few, small) =>
    inDatabase(options, 'many', async (many, large) => {
      await manyApplications(few, FEW);
      await manyApplications(many, MANY);
      const sorts = ['name', '-updatedAt'] as const;
      let worst = 0;
      for (const sort of sorts) {
        const best = { small: Infinity, large: Infinity };
        for (let count = 0; count < ROUNDS; count += 1) {
          const taken = { small: [] as number[], large: [] as number[] };
          for (let turn = -20; turn < times / ROUNDS; turn += 1) {
            const a = await timed(() => small.list(sort));
            const b = await timed(() => large.list(sort));
            if (turn >= 0) {
              taken.small.push(a);
              taken.large.push(b);
            }
          }
          best.small = Math.min(best.small, quantile(taken.small));
          best.large = Math.min(best.large, quantile(taken.large));
        }
        worst = Math.max(worst, best.large / best.small);
      }
      return round(worst);
    }),
  );
}

async function inDatabase<T>(
  { url, file }: MeasureOptions,
  name: string,
  work: (knex: Knex, platform: BenchPlatform) => Promise<T>,
): Promise<T> {
  if (url) {
    const admin = knexFactory({ client: 'pg', connection: url });
    await admin.raw('create database ??', [name]);
    await admin.destroy();
  }
  const address = url && new URL(url);
  if (address) {
    address.pathname = `/${name}`;
  }
  const knex = knexFactory({
    client: address ? 'pg' : 'better-sqlite3',
    connection: address ? address.href : { filename: `${file}-${name}` },
    useNullAsDefault: true,
  });
  try {
    await applyMigrations(knex);
    if (!address) {
      await knex.raw('pragma journal_mode = wal');
    }
    return await work(knex, await createBenchPlatform(knex));
  } finally {
    await knex.destroy();
  }
}

/** Of the quietest round: what other programs do is not what is asked here. */
async function p95(times: number, work: () => Promise<unknown>) {
  // The first ones pay for the compiler.
  for (let turn = 0; turn < WARM_UP; turn += 1) {
    await work();
  }
  let best = Infinity;
  for (let count = 0; count < ROUNDS; count += 1) {
    const taken: number[] = [];
    while (taken.length < times / ROUNDS) {
      taken.push(await timed(work));
    }
    best = Math.min(best, quantile(taken));
  }
  return best;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function quantile(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main(JSON.parse(process.argv[2])).catch(error => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});
