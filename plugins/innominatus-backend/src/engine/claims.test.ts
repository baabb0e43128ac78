import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import {
  acknowledgeWakeUp,
  claimRuns,
  handOverRun,
  releaseRun,
  renewLeases,
} from './claims';
import { sendSignal } from './signals';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('claims on %s', databaseId => {
  let knex: Knex;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
  });

  async function addRun(id: string, columns: object = {}) {
    await knex('workflow_runs').insert({
      id,
      workflow: 'w',
      status: 'queued',
      initiator: 'user:default/jane',
      definition: '{}',
      input: '{}',
      steps_total: 0,
      created_at: 1,
      admitted_at: 1,
      wake_at: 1,
      ...columns,
    });
  }

  const claim = (owner: string, leaseMs: number = 10_000, limit: number = 10) =>
    claimRuns(knex, { owner, leaseMs, limit, nested: false });

  const ids = (runs: Array<{ lease: { runId: string } }>) =>
    runs.map(run => run.lease.runId);

  it('take the oldest first, and each once', async () => {
    for (const id of ['a', 'b', 'c']) {
      await addRun(id);
    }
    expect(ids(await claim('one', 10_000, 2))).toEqual(['a', 'b']);
    expect(ids(await claim('two'))).toEqual(['c']);
    expect(await claim('three')).toEqual([]);
  });

  it('take what is in progress and due first, then the highest priority', async () => {
    await addRun('older', { queue_order: 100 });
    await addRun('urgent', { queue_order: 50 });
    await addRun('begun', { queue_order: 500, started_at: 1 });
    expect(ids(await claim('one', 10_000, 1))).toEqual(['begun']);
    expect(ids(await claim('one', 10_000, 1))).toEqual(['urgent']);
    expect(ids(await claim('one', 10_000, 1))).toEqual(['older']);
  });

  it('raise the fencing token when a lease has run out', async () => {
    await addRun('a');
    const [first] = await claim('one', -1);
    const [second] = await claim('two');
    expect(second.lease.fencingToken).toBe(first.lease.fencingToken + 1);
    const renew = (owner: string) =>
      renewLeases(knex, { owner, leaseMs: 1000, runIds: ['a'] });
    expect([...(await renew('one'))]).toEqual([]);
    expect([...(await renew('two'))]).toEqual(['a']);
  });

  it('leave out what is not due, ended, or not admitted', async () => {
    await addRun('later', { wake_at: Date.now() + 60_000 });
    await addRun('person', { wake_at: null });
    await addRun('ended', { ended_at: 1 });
    await addRun('behind a lock', { admitted_at: null, grouped: true });
    await addRun('nested', { depth: 1, parent_run_id: 'person' });
    expect(await claim('one')).toEqual([]);
    const nested = await claimRuns(knex, {
      owner: 'one',
      leaseMs: 1000,
      limit: 5,
      nested: true,
    });
    expect(ids(nested)).toEqual(['nested']);
  });

  it('do not let a run go while a signal comes in', async () => {
    await addRun('a');
    const [{ lease }] = await claim('one');
    const signal = {
      id: 's1',
      kind: 'cancel',
      by: 'user:default/joe',
    } as const;
    expect(await sendSignal(knex, 'a', signal)).toBe(true);
    expect(await releaseRun(knex, lease, undefined)).toBe(false);
    expect(await acknowledgeWakeUp(knex, lease)).toBe(true);
    expect(await releaseRun(knex, lease, undefined)).toBe(true);
    expect(await claim('two')).toEqual([]);
    await sendSignal(knex, 'a', { ...signal, id: 's2' });
    expect(ids(await claim('two'))).toEqual(['a']);
  });

  it('follow at once when a run is handed over by its owner', async () => {
    await addRun('a');
    const [{ lease }] = await claim('one');
    await handOverRun(knex, { ...lease, fencingToken: 0 }, 0);
    expect(await claim('two')).toEqual([]);
    await handOverRun(knex, lease, 0);
    expect(ids(await claim('two'))).toEqual(['a']);
  });

  it('look neither at history nor at the runs behind a lock', async () => {
    const run = {
      workflow: 'w',
      initiator: 'user:default/jane',
      definition: '{}',
      input: '{}',
      steps_total: 0,
      created_at: 1,
      wake_at: 1,
    };
    await knex.batchInsert(
      'workflow_runs',
      Array.from({ length: 3000 }, (_, i) => ({
        ...run,
        id: `old-${i}`,
        status: 'succeeded',
        admitted_at: 1,
        started_at: 1,
        ended_at: 2,
        end_handled: true,
      })),
      500,
    );
    await knex.batchInsert(
      'workflow_runs',
      Array.from({ length: 10_000 }, (_, i) => ({
        ...run,
        id: `behind-${i}`,
        status: 'queued',
        grouped: true,
      })),
      500,
    );
    await knex.raw('analyze');
    let statement: { sql: string; bindings: Knex.Value[] } | undefined;
    knex.once('query', query => {
      statement = query;
    });
    await claim('one');
    const { sql, bindings } = statement ?? { sql: '', bindings: [] };
    const sqlite = databaseId.startsWith('SQLITE');
    const plan = await knex.raw(
      `explain ${sqlite ? 'query plan' : ''} ${sql.replace(/\$\d+/g, '?')}`,
      bindings,
    );
    const text = JSON.stringify(sqlite ? plan : plan.rows);
    expect(text).toContain('workflow_runs_claim_idx');
    expect(text).toContain('workflow_runs_queue_idx');
    expect(text).not.toMatch(
      /Seq Scan on workflow_runs|SCAN (r|workflow_runs)\b(?! USING INDEX workflow_runs_(claim|queue)_idx)/,
    );
  });
});
