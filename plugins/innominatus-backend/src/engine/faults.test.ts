import { Knex } from 'knex';
import { aborted, testStepType } from '../__testUtils__/stepTypes';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import {
  createTestEngine,
  eventually,
  TestEngine,
  TestEngineOptions,
} from '../__testUtils__/TestEngine';
import { inOrder, testWorkflow } from '../__testUtils__/workflows';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const HOUR_MS = 60 * 60 * 1000;
const LEASE_MS = 1000;

describe.each(databases.each())('faults around a run on %s', databaseId => {
  let knex: Knex;
  let engines: TestEngine[];
  let ledger: string[];

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engines = [];
    ledger = [];
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(engines.map(engine => engine.runtime.stop()));
  });

  const noting = testStepType('noting', async ({ step, fencingToken }) => {
    ledger.push(`${step.name} ^${fencingToken}`);
  });

  const twoSteps = testWorkflow(
    inOrder([
      { name: 'a', type: 'noting' },
      { name: 'b', type: 'noting' },
    ]),
  );

  async function startEngine(options: Partial<TestEngineOptions> = {}) {
    const engine = await createTestEngine({
      knex,
      leaseMs: LEASE_MS,
      stepTypes: [noting],
      ...options,
    });
    engines.push(engine);
    await engine.runtime.start();
    return engine;
  }

  it.each([HOUR_MS, -HOUR_MS])(
    'a wall clock of the process that jumps by %d ms moves no timer',
    async jump => {
      let attempts = 0;
      const failing = testStepType('failing', async () => {
        attempts += 1;
        const now = Date.now() + jump;
        jest.spyOn(Date, 'now').mockReturnValue(now);
        if (attempts < 3) {
          throw Object.assign(new Error('Not yet'), { transient: true });
        }
      });
      const engine = await startEngine({ stepTypes: [failing] });
      const { id } = await engine.start({
        definition: testWorkflow([
          {
            name: 'a',
            type: 'failing',
            retry: { attempts: 3, on: ['STEP_FAILED'] },
          },
        ]),
      });
      const run = await engine.waitForEnd(id);
      expect(run.status).toBe('succeeded');
      const [started, ended] = [run.startedAt, run.endedAt].map(at =>
        Date.parse(at ?? ''),
      );
      expect(ended - started).toBeLessThan(HOUR_MS / 2);
    },
  );

  it('a clock of the database that jumps ahead lets another worker take over, and the first one can write no more', async () => {
    let hangs = true;
    const hanging = testStepType(
      'hanging',
      async ({ signal, fencingToken }) => {
        ledger.push(`begin ^${fencingToken}`);
        if (hangs) {
          await aborted(signal);
          ledger.push(`stop ^${fencingToken}`);
          throw new Error('Stopped');
        }
        ledger.push(`end ^${fencingToken}`);
      },
    );
    // Renewed rarely enough for the other worker to be first.
    const first = await startEngine({ stepTypes: [hanging], leaseMs: 9_000 });
    const { id } = await first.start({
      definition: testWorkflow([{ name: 'a', type: 'hanging' }]),
    });
    await eventually(() => ledger.length === 1);
    hangs = false;
    // To the database it is an hour later than when the lease was written.
    await knex('workflow_runs').update({
      lease_expires_at: knex.raw('lease_expires_at - ?', [HOUR_MS]),
    });
    await startEngine({ stepTypes: [hanging] });
    const run = await first.waitForEnd(id);
    expect(run.status).toBe('succeeded');
    await eventually(() => ledger.includes('stop ^1'));
    const ends = (await first.events(id)).filter(
      event => event.type === 'StepSucceeded',
    );
    expect(ends).toHaveLength(1);
    expect(ledger.filter(line => line.startsWith('end'))).toHaveLength(1);
    expect(ledger).not.toContain('end ^1');
  });

  it('a disk slower than the lease loses no lease and repeats no step', async () => {
    const engine = await startEngine({
      journal: journal => ({
        read: (runId, after) => journal.read(runId, after),
        append: async batch => {
          await new Promise(resolve => setTimeout(resolve, 1.5 * LEASE_MS));
          await journal.append(batch);
        },
      }),
    });
    const { id } = await engine.start({ definition: twoSteps });
    expect((await engine.waitForEnd(id)).status).toBe('succeeded');
    expect(ledger).toEqual(['a ^1', 'b ^1']);
  });

  it('a journal whose answer got lost is not written twice', async () => {
    let losesAnswer = true;
    const engine = await startEngine({
      journal: journal => ({
        read: (runId, after) => journal.read(runId, after),
        append: async batch => {
          await journal.append(batch);
          if (losesAnswer && batch.afterSeq > 0) {
            losesAnswer = false;
            throw new Error('Connection terminated unexpectedly');
          }
        },
      }),
    });
    const { id } = await engine.start({ definition: twoSteps });
    expect((await engine.waitForEnd(id)).status).toBe('succeeded');
    const events = await engine.events(id);
    expect(events.filter(event => event.type === 'StepSucceeded')).toHaveLength(
      2,
    );
  });

  it('a lease that is lost while the start of a step is written keeps the step from starting there', async () => {
    let isStolen = false;
    const steal = (runId: string) => {
      isStolen = true;
      // What a claim by a worker does that is gone a moment later.
      return knex('workflow_runs')
        .where({ id: runId })
        .update({
          lease_owner: 'gone',
          lease_expires_at: 0,
          fencing_token: knex.raw('fencing_token + 1'),
          wake_at: 0,
        });
    };
    const engine = await startEngine({
      journal: journal => ({
        read: (runId, after) => journal.read(runId, after),
        append: async batch => {
          if (!isStolen && batch.afterSeq > 0) {
            await steal(batch.lease.runId);
          }
          await journal.append(batch);
        },
      }),
    });
    const { id } = await engine.start({ definition: twoSteps });
    expect((await engine.waitForEnd(id)).status).toBe('succeeded');
    // The end of "a" was not written, so it ran again, under a higher token.
    expect(ledger).toEqual(['a ^1', 'a ^3', 'b ^3']);
  });
});
