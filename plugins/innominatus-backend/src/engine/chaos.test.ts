import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import knexFactory, { Knex } from 'knex';
import { ChaosTrial } from '../__testUtils__/chaos/ChaosTrial';
import { Fleet } from '../__testUtils__/chaos/Fleet';
import {
  createRandom,
  randomEventfulWorkflow,
} from '../__testUtils__/chaos/randomRuns';
import { applyMigrations } from '../database';

jest.setTimeout(300_000);

const BACKEND = resolve(__dirname, '../__testUtils__/chaos/chaosBackend.ts');
const LONG_FORM = resolve(__dirname, '../../../../bench/chaos/run.mjs');
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');
const SEED = Number(process.env.CHAOS_SEED ?? 20261123);
const LEASE_MS = 1000;

describe('chaos on SQLite, with one backend', () => {
  const KILLS = 5;
  let folder: string;
  let knex: Knex;
  let fleet: Fleet;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'innominatus-chaos-'));
    const database = {
      client: 'better-sqlite3',
      connection: { filename: join(folder, 'runs.sqlite') },
    };
    knex = knexFactory({ ...database, useNullAsDefault: true });
    await applyMigrations(knex);
    const options = { folder, database, leaseMs: LEASE_MS };
    fleet = Fleet.start({
      command: ['--require', TRANSFORM, BACKEND, JSON.stringify(options)],
      size: 1,
    });
  });

  afterEach(async () => {
    await fleet.close();
    await knex.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  it('ends every run, and never begins a finished step again', async () => {
    const random = createRandom(SEED);
    const result = await ChaosTrial.run({
      knex,
      folder,
      fleet,
      random,
      kills: KILLS,
      leaseMs: LEASE_MS,
      backlog: 10,
      runs: 20,
      workflow: randomEventfulWorkflow,
      shares: { stall: 0.1, stop: 0.1, outage: 0, cancel: 0.1 },
      patienceMs: 120_000,
      pauseMs: () => 600 + random() * 900,
    });
    expect(result.violations).toEqual([]);
    expect(result).toMatchObject({
      kills: KILLS,
      lost: [],
      ended: result.runs,
      finishedTwice: 0,
    });
    // Otherwise the kills hit nothing and the rest proves nothing.
    const { rerun, resume, hold } = result.interrupted;
    expect(rerun + resume + hold).toBeGreaterThan(0);
  });
});

describe('chaos on PostgreSQL, with three backends', () => {
  const KILLS = 20;

  it('ends every run, each finished step once, although the database restarts too', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        LONG_FORM,
        ...['--kills', String(KILLS), '--seed', String(SEED)],
        ...['--database', 'postgres', '--backends', '3'],
      ],
      { maxBuffer: 10_000_000 },
    ).catch(error => {
      throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
    });
    const [, verdict] = stdout.match(/^CHAOS (.*)$/m) ?? [];
    const result = JSON.parse(verdict);
    expect(result).toMatchObject({
      kills: KILLS,
      ended: result.runs,
      lost: 0,
      finishedTwice: 0,
      violations: 0,
    });
    expect(result.restarts).toBeGreaterThan(0);
    const [, ...interrupted] =
      stdout.match(/(\d+) run again, (\d+) resumed, (\d+) held/) ?? [];
    expect(interrupted.map(Number).some(count => count > 0)).toBe(true);
  });
});
