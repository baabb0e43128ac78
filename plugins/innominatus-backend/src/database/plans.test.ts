import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { claimRuns } from '../engine/claims';
import { RetentionStore } from '../retention';
import { DatabaseRunStore } from '../runs';
import { isPostgres } from './dialect';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const DAY_MS = 24 * 60 * 60 * 1000;
/** Enough for PostgreSQL to tell an index from the whole table. */
const ENDED_RUNS = 3_000;

describe.each(databases.each())('background work on %s', databaseId => {
  let knex: Knex;

  beforeAll(async () => {
    knex = await databases.init(databaseId);
    const at = Date.now() - DAY_MS;
    const rows = Array.from({ length: ENDED_RUNS }, (_, i) => ({
      id: `r${i}`,
      workflow: 'deploy',
      status: 'succeeded',
      initiator: 'user:default/jane',
      definition: '{}',
      input: '{}',
      steps_total: 1,
      end_handled: true,
      created_at: at + i,
      started_at: at + i,
      ended_at: at + i,
    }));
    await knex.batchInsert('workflow_runs', rows, 50);
    if (isPostgres(knex)) {
      await knex.raw('analyze');
    }
  });

  async function planOf(work: () => Promise<unknown>): Promise<string> {
    const statements: Array<{ sql: string; bindings: unknown[] }> = [];
    const listener = (query: { sql: string; bindings: unknown[] }) =>
      statements.push(query);
    knex.on('query', listener);
    await work();
    knex.removeListener('query', listener);

    const [{ sql, bindings }] = statements;
    const explain = isPostgres(knex) ? 'explain' : 'explain query plan';
    // Prepared statements have their own placeholders; knex wants its own.
    const rows = await knex.raw(
      `${explain} ${sql.replace(/\$\d+/g, '?')}`,
      bindings as string[],
    );
    return JSON.stringify(isPostgres(knex) ? rows.rows : rows);
  }

  it('claims runs without reading those that are over', async () => {
    const plan = await planOf(() =>
      claimRuns(knex, { owner: 'a', leaseMs: 1, limit: 20, nested: false }),
    );
    expect(plan).toMatch('workflow_runs_claim_idx');
    expect(plan).not.toMatch(/Seq Scan on workflow_runs|SCAN r"/);
  });

  it('finds the runs that retention deletes without reading the others', async () => {
    const plan = await planOf(() =>
      RetentionStore.create(knex).expiredRuns({
        ageMs: 90 * DAY_MS,
        limit: 200,
      }),
    );
    expect(plan).toMatch('workflow_runs_ended_idx');
    expect(plan).not.toMatch(/Seq Scan on workflow_runs r|SCAN r"/);
  });

  it('finds the logs that retention deletes without reading the others', async () => {
    const plan = await planOf(() =>
      RetentionStore.create(knex).runsPastLogs({
        ageMs: 30 * DAY_MS,
        after: { number: 1, endedAt: Date.now() - 40 * DAY_MS },
        limit: 200,
      }),
    );
    expect(plan).toMatch('workflow_runs_ended_idx');
    expect(plan).not.toMatch(/Seq Scan on workflow_runs|SCAN r"/);
  });

  it('lists the runs in progress without reading those that are over', async () => {
    await RetentionStore.create(knex).maintain();
    const store = DatabaseRunStore.create(knex);
    const plan = await planOf(() =>
      store.list({
        limit: 50,
        sort: '-createdAt',
        filter: { status: ['queued', 'running'] },
      }),
    );
    expect(plan).toMatch('workflow_runs_status_idx');
  });
});
