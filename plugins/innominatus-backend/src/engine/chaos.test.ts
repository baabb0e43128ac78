import { RunEvent } from '@innominatus/backstage-plugin-innominatus-common';
import { ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import knexFactory, { Knex } from 'knex';
import {
  createRandom,
  randomWorkflow,
} from '../__testUtils__/chaos/randomRuns';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestEngine, TestEngine } from '../__testUtils__/TestEngine';
import { applyMigrations } from '../database';
import { sendSignal } from './signals';

jest.setTimeout(180_000);

const databases = createTestDatabases();
const BACKEND = resolve(__dirname, '../__testUtils__/chaos/chaosBackend.ts');
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');
const SEED = Number(process.env.CHAOS_SEED ?? 20261123);
const KILLS = 5;
const RUNS = 20;
const DEADLINE_MS = 150_000;

describe.each(databases.each())('chaos on %s', databaseId => {
  const isSqlite = databaseId.startsWith('SQLITE');
  let folder: string;
  let knex: Knex;
  let engine: TestEngine;
  let children: ChildProcess[];
  let connection: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'innominatus-chaos-'));
    children = [];
    if (isSqlite) {
      const settings = {
        client: 'better-sqlite3',
        connection: { filename: join(folder, 'runs.sqlite') },
      };
      connection = JSON.stringify(settings);
      knex = knexFactory({ ...settings, useNullAsDefault: true });
      await applyMigrations(knex);
    } else {
      knex = await databases.init(databaseId);
      connection = JSON.stringify({
        client: 'pg',
        connection: knex.client.config.connection,
        searchPath: knex.client.config.searchPath,
      });
    }
    engine = await createTestEngine({ knex });
  });

  afterEach(async () => {
    await Promise.all(children.map(kill));
    if (isSqlite) {
      await knex.destroy();
    }
    await rm(folder, { recursive: true, force: true });
  });

  function startBackend(): ChildProcess {
    const child = spawn(
      process.execPath,
      ['--require', TRANSFORM, BACKEND, folder, connection],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    children.push(child);
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }

  async function ledger(): Promise<string[]> {
    const text = await readFile(join(folder, 'ledger'), 'utf8').catch(() => '');
    return text.split('\n').filter(line => line !== '');
  }

  /** A person who lets every held step run again. */
  async function approveHeld(): Promise<void> {
    const rows: Array<{ id: string }> = await knex('workflow_runs')
      .where({ status: 'waiting' })
      .select('id');
    for (const { id } of rows) {
      const { steps } = await engine.runs.get(id);
      for (const step of steps) {
        if (step.waiting?.kind === 'person') {
          await sendSignal(knex, id, {
            id: randomUUID(),
            kind: 'approve',
            by: 'user:default/jane',
            step: step.name,
          });
        }
      }
    }
  }

  it('ends every run, and never begins a finished step again', async () => {
    const random = createRandom(SEED);
    const ids: string[] = [];
    for (let i = 0; i < RUNS; i++) {
      ids.push((await engine.start({ definition: randomWorkflow(random) })).id);
    }
    const backends = Array.from({ length: isSqlite ? 1 : 2 }, startBackend);
    const deadline = performance.now() + DEADLINE_MS;
    const unfinished = () => knex('workflow_runs').whereNull('ended_at');
    let kills = 0;
    let killAt = 5 + Math.floor(random() * 10);
    while ((await unfinished()).length > 0 && performance.now() < deadline) {
      await approveHeld();
      if (kills < KILLS && (await ledger()).length >= killAt) {
        const victim = Math.floor(random() * backends.length);
        await kill(backends[victim]);
        kills += 1;
        killAt = (await ledger()).length + 5 + Math.floor(random() * 15);
        backends[victim] = startBackend();
      }
      await new Promise(done => setTimeout(done, 20));
    }
    expect(await unfinished()).toEqual([]);
    expect(kills).toBe(KILLS);

    const lines = await ledger();
    expect(lines.filter(line => line.startsWith('again '))).toEqual([]);
    let interrupted = 0;
    for (const id of ids) {
      const run = await engine.runs.get(id);
      expect(run.status).toBe('succeeded');
      const events = await engine.events(id);
      interrupted += events.filter(event => event.type === 'StepLost').length;
      checkSteps(id, events, lines);
    }
    // Otherwise the kills hit nothing and the rest proves nothing.
    expect(interrupted).toBeGreaterThan(0);
  });

  function checkSteps(id: string, events: RunEvent[], lines: string[]): void {
    const [first] = events;
    const steps = first.type === 'RunStarted' ? first.definition.steps : [];
    expect(steps.length).toBeGreaterThan(0);
    for (const { name, type } of steps) {
      const of = (kind: RunEvent['type']) =>
        events.filter(
          event =>
            event.type === kind && 'step' in event && event.step === name,
        ).length;
      const wrote = (what: string) =>
        lines.filter(line => line === `${what} ${id}/${name}/1`).length;
      const lost = of('StepLost');
      expect(of('StepSucceeded')).toBe(1);
      expect(wrote('end')).toBeGreaterThanOrEqual(1);
      // What an interruption may repeat, and nothing beyond it.
      expect(wrote('end')).toBeLessThanOrEqual(1 + lost);
      const carriedOn = type === 'resume' ? lost : 0;
      expect(wrote('resume')).toBeLessThanOrEqual(carriedOn);
      const repeated = type === 'hold' ? of('Signal') : lost;
      const again = type === 'resume' ? 0 : repeated;
      expect(wrote('run')).toBeLessThanOrEqual(1 + again);
    }
  }
});
