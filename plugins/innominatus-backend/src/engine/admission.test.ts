import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { admitRuns, hasAdmissions } from './admission';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('admission on %s', databaseId => {
  let knex: Knex;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
  });

  async function addRuns(
    ids: string[],
    groups: Record<string, number>,
    order: (id: string, i: number) => number = (_, i) => i,
  ) {
    await knex.batchInsert(
      'workflow_runs',
      ids.map((id, i) => ({
        id,
        workflow: 'w',
        status: 'queued',
        initiator: 'user:default/jane',
        definition: '{}',
        input: '{}',
        steps_total: 0,
        created_at: 1,
        queue_order: order(id, i),
        wake_at: 1,
        grouped: true,
      })),
      500,
    );
    const rows = await knex('workflow_runs')
      .where('grouped', true)
      .select('id', 'number', 'queue_order');
    await knex.batchInsert(
      'run_groups',
      rows
        .filter(({ id }) => ids.includes(id))
        .flatMap(row =>
          Object.entries(groups).map(([key, max]) => ({
            run_id: row.id,
            group_key: key,
            max_runs: max,
            state: 'new',
            queue_order: row.queue_order,
            run_number: row.number,
          })),
        ),
      500,
    );
  }

  const inProgress = async () =>
    (
      await knex('workflow_runs')
        .whereNotNull('admitted_at')
        .whereNull('ended_at')
        .orderBy('number')
    ).map(({ id }) => id);

  const end = (id: string) =>
    knex('workflow_runs').where({ id }).update({ ended_at: 1 });

  it('lets as many runs of a group begin as its limit says, in order', async () => {
    await addRuns(['a', 'b', 'c', 'd'], { g: 2 });
    expect(await hasAdmissions(knex)).toBe(true);
    await admitRuns(knex);
    expect(await inProgress()).toEqual(['a', 'b']);
    expect(await hasAdmissions(knex)).toBe(false);
    await end('b');
    expect(await hasAdmissions(knex)).toBe(true);
    await admitRuns(knex);
    expect(await inProgress()).toEqual(['a', 'c']);
  });

  it('takes all groups of a run at once, and lets others pass meanwhile', async () => {
    await addRuns(['holder'], { app: 1, team: 2 });
    await admitRuns(knex);
    await addRuns(['second'], { app: 1, team: 2 });
    await addRuns(['other'], { 'other app': 1, team: 2 });
    await addRuns(['late'], { 'third app': 1, team: 2 });
    await admitRuns(knex);
    expect(await inProgress()).toEqual(['holder', 'other']);
    await end('holder');
    await admitRuns(knex);
    // Both the lock and the limit are free again: the first in line is next.
    expect(await inProgress()).toEqual(['second', 'other']);
    await end('other');
    await admitRuns(knex);
    expect(await inProgress()).toEqual(['second', 'late']);
  });

  it('passes a free slot on when the next in line waits for something else', async () => {
    await addRuns(['holds b'], { b: 1 });
    await addRuns(['holds a'], { a: 1 });
    await admitRuns(knex);
    await addRuns(['needs both'], { a: 1, b: 1 });
    await admitRuns(knex);
    await addRuns(['needs a'], { a: 1 });
    await admitRuns(knex);
    await end('holds a');
    await admitRuns(knex);
    expect(await inProgress()).toEqual(['holds b', 'needs a']);
    await end('holds b');
    await end('needs a');
    await admitRuns(knex);
    expect(await inProgress()).toEqual(['needs both']);
  });

  it('forgets a run that was cancelled while it waited', async () => {
    await addRuns(['a', 'b', 'c'], { g: 1 });
    await admitRuns(knex);
    await end('b');
    await end('a');
    await admitRuns(knex);
    expect(await inProgress()).toEqual(['c']);
    expect(await knex('run_groups').select('run_id')).toEqual([
      { run_id: 'c' },
    ]);
  });

  it('admits nothing twice when replicas do it at the same time', async () => {
    await addRuns(
      Array.from({ length: 60 }, (_, i) => `r${i}`),
      { g: 3, h: 4 },
    );
    const admitAtOnce = () =>
      Promise.all(Array.from({ length: 4 }, () => admitRuns(knex)));
    for (;;) {
      await admitAtOnce();
      const now = await inProgress();
      if (now.length === 0) {
        break;
      }
      expect(now).toHaveLength(3);
      await Promise.all(now.map(end));
    }
    expect(
      await knex('workflow_runs').whereNull('ended_at').select('id'),
    ).toEqual([]);
  });

  it('looks at the next of 10,000 runs behind one lock only', async () => {
    await addRuns(
      Array.from({ length: 10_000 }, (_, i) => `r${i}`),
      { lock: 1 },
    );
    while ((await admitRuns(knex)).more) {
      // The next 200.
    }
    await knex.raw('analyze');
    await end('r0');
    const statements: Array<{ sql: string; bindings: Knex.Value[] }> = [];
    const record = (query: { sql: string; bindings: Knex.Value[] }) =>
      statements.push(query);
    knex.on('query', record);
    await admitRuns(knex);
    knex.off('query', record);
    expect(await inProgress()).toEqual(['r1']);
    const sqlite = databaseId.startsWith('SQLITE');
    for (const { sql, bindings } of statements) {
      if (!/run_groups|workflow_runs/.test(sql)) {
        continue;
      }
      const plan = await knex.raw(
        `explain ${sqlite ? 'query plan' : ''} ${sql.replace(/\$\d+/g, '?')}`,
        bindings ?? [],
      );
      expect([sql, JSON.stringify(sqlite ? plan : plan.rows)]).toEqual([
        sql,
        expect.not.stringMatching(
          /Seq Scan on (run_groups|workflow_runs)|SCAN (g|run_groups|workflow_runs)\b/,
        ),
      ]);
    }
  });
});
