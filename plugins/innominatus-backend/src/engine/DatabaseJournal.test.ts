import {
  evolve,
  RunEvent,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { testWorkflow } from '../__testUtils__/workflows';
import { claimRuns, ClaimedRun, renewLeases } from './claims';
import { DatabaseJournal } from './DatabaseJournal';
import { JournalBatch, LeaseLostError } from './Journal';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('the journal on %s', databaseId => {
  let knex: Knex;
  let journal: DatabaseJournal;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    journal = DatabaseJournal.create(knex);
  });

  async function claimed(count: number): Promise<ClaimedRun[]> {
    for (let i = 0; i < count; i += 1) {
      await knex('workflow_runs').insert({
        id: `run-${i}`,
        workflow: 'w',
        status: 'queued',
        initiator: 'user:default/jane',
        definition: JSON.stringify(testWorkflow([{ name: 'a', type: 'x' }])),
        input: '{"parameters":{},"metadata":{}}',
        steps_total: 1,
        created_at: 1,
        wake_at: 1,
        admitted_at: 1,
      });
    }
    return await claimRuns(knex, {
      owner: 'me',
      leaseMs: 60_000,
      limit: count,
      nested: false,
    });
  }

  function firstBatch(run: ClaimedRun): JournalBatch {
    const events: RunEvent[] = [
      {
        type: 'RunStarted',
        at: 5,
        definition: run.definition,
        input: run.input,
      },
      { type: 'StepStarted', at: 6, step: 'a', attempt: 1 },
    ];
    const started = evolve(undefined, events[0]);
    const state = evolve(started, events[1]);
    return { lease: run.lease, afterSeq: 0, events, state, signals: [] };
  }

  const outcome = (results: PromiseSettledResult<void>[]) =>
    results.map(result =>
      result.status === 'fulfilled' ? 'written' : result.reason,
    );

  it('writes the batches of many runs completely', async () => {
    const runs = await claimed(150);
    await Promise.all(runs.map(run => journal.append(firstBatch(run))));
    expect(await knex('workflow_runs').where({ seq: 2 })).toHaveLength(150);
    expect((await journal.read('run-7')).map(event => event.type)).toEqual([
      'RunStarted',
      'StepStarted',
    ]);
  });

  it('leaves nothing of a stale run and writes the others of the group', async () => {
    const [first, second, third] = await claimed(3);
    const stale = firstBatch(second);
    stale.lease = { ...stale.lease, fencingToken: 0 };
    const foreign = firstBatch(third);
    foreign.lease = { ...foreign.lease, owner: 'someone' };
    const results = await Promise.allSettled(
      [stale, firstBatch(first), foreign].map(batch => journal.append(batch)),
    );
    expect(outcome(results)).toEqual([
      expect.any(LeaseLostError),
      'written',
      expect.any(LeaseLostError),
    ]);
    expect(await knex('run_events').distinct('run_id')).toEqual([
      { run_id: first.lease.runId },
    ]);
  });

  it('does not write a batch twice, not even in one go', async () => {
    const [run] = await claimed(1);
    const results = await Promise.allSettled([
      journal.append(firstBatch(run)),
      journal.append(firstBatch(run)),
    ]);
    expect(outcome(results)).toEqual(['written', expect.any(LeaseLostError)]);
    expect(await journal.read(run.lease.runId)).toHaveLength(2);
  });

  it('goes on after a batch that says nothing but that signals were read', async () => {
    const [run] = await claimed(1);
    const first = firstBatch(run);
    await journal.append(first);
    const silent = { ...first, afterSeq: 2, events: [] };
    await journal.append(silent);
    await journal.append(silent);
    const next: RunEvent = {
      type: 'Signal',
      at: 9,
      id: 's',
      kind: 'pause',
      by: 'user:default/joe',
    };
    const state = evolve(first.state, next);
    await journal.append({ ...first, afterSeq: 2, events: [next], state });
    expect((await journal.read(run.lease.runId)).at(-1)).toEqual(next);
  });

  it('writes the others when the database refuses the rows of one run', async () => {
    const [first, second] = await claimed(2);
    const refused = firstBatch(second);
    // Nobody can leave it empty: the column of the status does not take that.
    Object.assign(refused.state, { status: undefined });
    const results = await Promise.allSettled(
      [refused, firstBatch(first)].map(batch => journal.append(batch)),
    );
    // Not `expect.any(Error)`: errors of native drivers come from another realm.
    expect(outcome(results)).toEqual([
      expect.objectContaining({ code: expect.any(String) }),
      'written',
    ]);
    const rows = await knex('workflow_runs').orderBy('id').select('seq');
    expect(rows.map(row => row.seq)).toEqual([2, 0]);
  });

  describe('batches that leave the row of the run for later', () => {
    const ended: RunEvent = {
      type: 'StepSucceeded',
      at: 9,
      step: 'a',
      attempt: 1,
      outputs: {},
    };

    function nextBatch(run: ClaimedRun): JournalBatch {
      const { lease, state: before } = firstBatch(run);
      return {
        lease,
        afterSeq: 2,
        events: [ended],
        before,
        state: evolve(before, ended),
        signals: [],
        progress: true,
      };
    }

    it('writes their events, among others that bring the row', async () => {
      const runs = await claimed(6);
      const [a, b, c, d, e] = runs;
      await Promise.all(runs.map(run => journal.append(firstBatch(run))));
      const { version: first } = await knex('workflow_runs').first();
      await Promise.all([
        ...[a, b, c].map(run => journal.append(nextBatch(run))),
        journal.append({ ...nextBatch(d), progress: false }),
      ]);
      // Alone in its group.
      await journal.append(nextBatch(e));
      const rows = await knex('workflow_runs')
        .orderBy('id')
        .select('seq', 'version', 'steps_done');
      const behind = { seq: 2, version: first, steps_done: 0 };
      const whole = { seq: 3, version: first + 1, steps_done: 1 };
      expect(rows).toEqual([behind, behind, behind, whole, behind, behind]);
      const read = await Promise.all(
        runs.map(run => journal.read(run.lease.runId, 2)),
      );
      expect(read).toEqual([...Array(5).fill([ended]), []]);
    });

    it('brings the row up to date without an event', async () => {
      const [run] = await claimed(1);
      await journal.append(firstBatch(run));
      const { version } = await knex('workflow_runs').first();
      const next = nextBatch(run);
      await journal.append(next);
      await journal.append({
        ...next,
        before: next.state,
        afterSeq: 3,
        events: [],
        progress: false,
      });
      expect(await knex('workflow_runs').first()).toMatchObject({
        seq: 3,
        version: version + 1,
        steps_done: 1,
      });
      expect(await journal.read(run.lease.runId)).toHaveLength(3);
    });

    it('holds them to the lease', async () => {
      const runs = await claimed(3);
      await Promise.all(runs.map(run => journal.append(firstBatch(run))));
      const [stale, foreign, good] = runs.map(nextBatch);
      stale.lease = { ...stale.lease, fencingToken: 0 };
      foreign.lease = { ...foreign.lease, owner: 'someone' };
      const results = await Promise.allSettled(
        [stale, foreign, good].map(batch => journal.append(batch)),
      );
      expect(outcome(results)).toEqual([
        expect.any(LeaseLostError),
        expect.any(LeaseLostError),
        'written',
      ]);
      const [alone] = await Promise.allSettled([journal.append(stale)]);
      expect(outcome([alone])).toEqual([expect.any(LeaseLostError)]);
    });

    it('lets nobody go on from where somebody else went on already', async () => {
      const [first, second] = await claimed(2);
      await journal.append(firstBatch(first));
      await journal.append(firstBatch(second));
      await journal.append(nextBatch(first));
      const results = await Promise.allSettled([
        journal.append(nextBatch(first)),
        journal.append(nextBatch(second)),
      ]);
      expect(outcome(results)).toEqual([expect.any(LeaseLostError), 'written']);
      const [whole] = await Promise.allSettled([
        journal.append({ ...nextBatch(first), progress: false }),
      ]);
      expect(outcome([whole])).toEqual([expect.any(LeaseLostError)]);
      expect(await journal.read(first.lease.runId)).toHaveLength(3);
    });
  });

  it('renews leases while groups are written', async () => {
    const runs = await claimed(60);
    const runIds = runs.map(run => run.lease.runId).reverse();
    const [renewed] = await Promise.all([
      renewLeases(knex, { owner: 'me', leaseMs: 1000, runIds }),
      ...runs.map(run => journal.append(firstBatch(run))),
    ]);
    expect(renewed.size).toBe(60);
  });
});
