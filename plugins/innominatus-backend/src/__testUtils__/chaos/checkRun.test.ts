import { Knex } from 'knex';
import { Journal } from '../../engine';
import { createKillable } from '../killable';
import { testStepType } from '../stepTypes';
import { createTestDatabases } from '../testDatabases';
import { createTestEngine, eventually, TestEngine } from '../TestEngine';
import { inOrder, testWorkflow } from '../workflows';
import { checkRun, Verdict } from './checkRun';
import { createFaultyJournal, JournalFault } from './faultyJournal';
import { LedgerEntry } from './FileLedger';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('the checks of chaos on %s', databaseId => {
  let knex: Knex;
  let engines: TestEngine[];
  let entries: LedgerEntry[];
  let gates: Array<() => void>;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engines = [];
    entries = [];
    gates = [];
  });

  afterEach(async () => {
    gates.forEach(open => open());
    await Promise.all(engines.map(engine => engine.runtime.stop()));
  });

  /** Each beginning of a step waits until its gate is opened. */
  const gated = testStepType('rerun', async context => {
    const { run, step, fencingToken: token } = context;
    const entry = {
      run: run.id,
      step: step.name,
      attempt: step.attempt,
      token,
      how: 'run' as const,
      again: false,
      nonce: `${step.name}-${entries.length}`,
    };
    entries.push({ at: process.hrtime.bigint(), kind: 'begin', ...entry });
    await new Promise<void>(resolve => {
      gates.push(resolve);
    });
    entries.push({ at: process.hrtime.bigint(), kind: 'end', ...entry });
    return { outputs: { nonce: entry.nonce } };
  });

  async function startEngine(
    options: { journal?: (journal: Journal) => Journal; knex?: Knex } = {},
  ): Promise<TestEngine> {
    const engine = await createTestEngine({
      knex,
      runtimeKnex: options.knex,
      journal: options.journal,
      // Nobody notices by the clock that the run was taken away.
      leaseMs: 120_000,
      stepTypes: [gated],
    });
    engines.push(engine);
    await engine.runtime.start();
    return engine;
  }

  async function startRun(engine: TestEngine): Promise<string> {
    const definition = testWorkflow(
      inOrder([
        { name: 'a', type: 'rerun' },
        { name: 'b', type: 'rerun' },
      ]),
    );
    return (await engine.start({ definition })).id;
  }

  async function takeAway(id: string): Promise<void> {
    await knex('workflow_runs').where({ id }).update({
      lease_expires_at: 1,
      wake_at: 0,
    });
  }

  async function judge(engine: TestEngine, id: string): Promise<Verdict> {
    const opening = setInterval(() => gates.forEach(open => open()), 20);
    await engine.waitForEnd(id).finally(() => clearInterval(opening));
    return checkRun({
      run: await engine.runs.get(id),
      events: await engine.events(id),
      entries,
    });
  }

  /** The run is taken over while its first owner is at work, who then answers. */
  async function letStaleWorkerAnswer(fault?: JournalFault): Promise<Verdict> {
    const first = await startEngine({
      journal: journal =>
        fault ? createFaultyJournal(journal, fault, knex) : journal,
    });
    const id = await startRun(first);
    await eventually(() => gates.length === 1);
    await takeAway(id);
    const second = await startEngine();
    await eventually(() => gates.length === 2);
    gates[0]();
    // Time for the first one to write what must not be written.
    await new Promise(resolve => setTimeout(resolve, 500));
    return await judge(second, id);
  }

  /** The worker dies when a step has begun that needs the end of another. */
  async function dieAfterStep(fault?: JournalFault): Promise<Verdict> {
    const killable = createKillable(knex);
    const first = await startEngine({
      knex: killable.knex,
      journal: journal =>
        fault ? createFaultyJournal(journal, fault, knex) : journal,
    });
    const id = await startRun(first);
    await eventually(() => gates.length === 1);
    gates[0]();
    await eventually(() => gates.length === 2);
    killable.kill();
    await takeAway(id);
    return await judge(await startEngine(), id).finally(killable.revive);
  }

  it('find nothing wrong with a journal that fences', async () => {
    const verdict = await letStaleWorkerAnswer();
    expect(verdict).toMatchObject({ violations: [], finishedTwice: 0 });
    expect(verdict.interrupted.rerun).toBe(1);
    expect(verdict.refused).toBe(1);
  });

  it('find a journal that does not fence', async () => {
    const { violations } = await letStaleWorkerAnswer('no-fencing');
    expect(violations).toContainEqual(
      expect.stringContaining('is from token 1, but 2 had begun it'),
    );
  });

  it('find nothing wrong with a journal that answers when it is on disk', async () => {
    expect((await dieAfterStep()).violations).toEqual([]);
  });

  it('find a journal that answers before it is on disk', async () => {
    const { violations } = await dieAfterStep('early-answer');
    expect(violations).toContainEqual(
      expect.stringContaining('Step "a" began after "b"'),
    );
  });
});
