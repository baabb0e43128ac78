import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import knexFactory, { Knex } from 'knex';
import { ChaosTrial } from '../__testUtils__/chaos/ChaosTrial';
import { Fleet } from '../__testUtils__/chaos/Fleet';
import {
  createRandom,
  randomEventfulWorkflow,
} from '../__testUtils__/chaos/randomRuns';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { applyMigrations } from '../database';

jest.setTimeout(240_000);

const databases = createTestDatabases();
const BACKEND = resolve(__dirname, '../__testUtils__/chaos/chaosBackend.ts');
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');
const SEED = Number(process.env.CHAOS_SEED ?? 20261123);
const KILLS = 5;
const LEASE_MS = 1000;

describe.each(databases.each())('chaos on %s', databaseId => {
  const isSqlite = databaseId.startsWith('SQLITE');
  let folder: string;
  let knex: Knex;
  let fleet: Fleet;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'innominatus-chaos-'));
    let database: object;
    if (isSqlite) {
      database = {
        client: 'better-sqlite3',
        connection: { filename: join(folder, 'runs.sqlite') },
      };
      knex = knexFactory({ ...database, useNullAsDefault: true });
      await applyMigrations(knex);
    } else {
      knex = await databases.init(databaseId);
      const { connection, searchPath } = knex.client.config;
      database = { client: 'pg', connection, searchPath };
    }
    const options = { folder, database, leaseMs: LEASE_MS };
    fleet = Fleet.start({
      command: ['--require', TRANSFORM, BACKEND, JSON.stringify(options)],
      size: isSqlite ? 1 : 2,
    });
  });

  afterEach(async () => {
    await fleet.close();
    if (isSqlite) {
      await knex.destroy();
    }
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
