import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { packLines } from '../engine';
import { DatabaseSecretStore } from '../secrets';
import { Retention } from './Retention';
import { RetentionStore } from './RetentionStore';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const DAY_MS = 24 * 60 * 60 * 1000;
const TABLES = ['run_events', 'log_chunks', 'run_artifacts', 'run_signals'];

describe.each(databases.each())('retention on %s', databaseId => {
  let knex: Knex;
  let secrets: DatabaseSecretStore;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    secrets = DatabaseSecretStore.fromConfig({
      knex,
      logger: mockServices.logger.mock(),
      production: false,
      config: mockServices.rootConfig(),
    });
  });

  function createRetention(retention: Record<string, string> = {}) {
    return Retention.fromConfig(
      mockServices.rootConfig({ data: { innominatus: { retention } } }),
      {
        store: RetentionStore.create(knex),
        secrets,
        logger: mockServices.logger.mock(),
      },
    );
  }

  /** A run with something in every table. */
  async function addRun(
    id: string,
    options: {
      days?: number;
      parent?: string;
      lines?: number;
      follows?: { retry_of: string } | { undo_of: string };
      purpose?: string;
    } = {},
  ) {
    const { days, parent, lines = 1, follows, purpose } = options;
    const at = Date.now() - (days ?? 0) * DAY_MS;
    await knex('workflow_runs').insert({
      id,
      workflow: 'test',
      status: days === undefined ? 'running' : 'succeeded',
      initiator: 'user:default/jane',
      parent_run_id: parent ?? null,
      purpose: purpose ?? null,
      ...follows,
      definition: '{}',
      input: '{}',
      steps_total: 1,
      end_handled: true,
      created_at: at,
      ended_at: days === undefined ? null : at,
    });
    const of = { run_id: id };
    await knex('run_events').insert({ ...of, seq: 1, at, event: '{}' });
    // Short ones, so that there are more rows than one transaction deletes.
    const chunks = Array.from({ length: lines }, (_, i) =>
      packLines({
        runId: id,
        afterSeq: i,
        lines: [{ step: 'a', attempt: 1, at, level: 'info', text: 'x' }],
      }),
    );
    await knex.batchInsert('log_chunks', chunks.flat(), 50);
    await knex('run_artifacts').insert({
      ...of,
      name: 'plan',
      content: 'x',
      updated_at: at,
    });
    await knex('run_signals').insert({ ...of, id, at, payload: '{}' });
    await secrets.put(`run/${id}/a/password`, 'secret');
  }

  async function addDeployment(
    id: string,
    options: { runId: string; deleted?: boolean; ended?: boolean },
  ) {
    const times = { created_at: 1, updated_at: 1 };
    const place = { environment: 'dev', environment_type: 'dev', name: id };
    await knex('applications').insert({
      id: `app-${id}`,
      ...place,
      ...times,
      last_deployment_id: id,
      deleted_at: options.deleted ? 1 : null,
    });
    await knex('deployments').insert({
      id,
      application_id: `app-${id}`,
      number: 1,
      ...place,
      action: 'deploy',
      status: 'succeeded',
      revision: 1,
      golden_path: 'deploy-app',
      plan_hash: 'x',
      run_id: options.runId,
      work: '{}',
      changes: '[]',
      created_by: 'user:default/jane',
      created_at: 1,
      ended_at: options.ended === false ? null : 1,
    });
  }

  async function addResource(options: { runId: string; state: string }) {
    const { runId, state } = options;
    await knex('resources').insert({
      id: runId,
      environment: 'dev',
      environment_type: 'dev',
      uid: runId,
      name: 'db',
      type: 'postgres',
      class: 'default',
      workload: 'shop',
      state,
      params: '{}',
      depends_on: '[]',
      outputs: '{}',
      hints: '[]',
      run_id: runId,
      created_at: 1,
      updated_at: 1,
    });
  }

  async function runIds(): Promise<string[]> {
    const rows = await knex('workflow_runs').orderBy('number').select('id');
    return rows.map(row => row.id);
  }

  it('deletes a run with all that belongs to it, and nothing else', async () => {
    await addRun('old', { days: 91 });
    await addRun('recent', { days: 89 });
    await addRun('unfinished');
    await createRetention({ logs: '365 days' }).runOnce();
    expect(await runIds()).toEqual(['recent', 'unfinished']);
    for (const table of TABLES) {
      const rows = await knex(table).distinct('run_id').orderBy('run_id');
      expect(rows.map(row => row.run_id)).toEqual(['recent', 'unfinished']);
    }
    expect(await knex('secrets').orderBy('address').pluck('address')).toEqual([
      'run/recent/a/password',
      'run/unfinished/a/password',
    ]);
  });

  it('deletes runs earlier that nobody asked for, with what they started', async () => {
    await addRun('asked', { days: 3 });
    await addRun('look', { days: 3, purpose: 'drift' });
    await addRun('nested', { days: 4, parent: 'look', purpose: 'drift' });
    await addRun('recent', { days: 0, purpose: 'health' });
    expect(await createRetention().runOnce()).toMatchObject({ runs: 2 });
    expect(await runIds()).toEqual(['asked', 'recent']);
    await addRun('late', { days: 3, purpose: 'health' });
    await createRetention({ checks: '7 days' }).runOnce();
    expect(await runIds()).toEqual(['asked', 'recent', 'late']);
  });

  it('deletes logs earlier, more of them than go in one transaction', async () => {
    await addRun('old', { days: 31, lines: 1203 });
    await addRun('recent', { days: 29 });
    const done = await createRetention().runOnce();
    expect(done).toEqual({ runs: 0, logLines: 1203 });
    expect(await knex('log_chunks').pluck('run_id')).toEqual(['recent']);
    expect(await runIds()).toEqual(['old', 'recent']);
  });

  it('looks once for logs that are over, and again after a restart', async () => {
    await addRun('old', { days: 32 });
    await addRun('older', { days: 33 });
    const retention = createRetention();
    expect(await retention.runOnce()).toEqual({ runs: 0, logLines: 2 });

    const pages: number[] = [];
    knex.on('query-response', (rows: unknown[], { sql }: { sql: string }) => {
      if (sql.includes('has_log')) {
        pages.push(rows.length);
      }
    });
    await retention.runOnce();
    expect(pages).toEqual([0]);
    await createRetention().runOnce();
    expect(pages).toEqual([0, 2, 0]);
  });

  it('goes on where it was told to stop', async () => {
    await addRun('first', { days: 33 });
    await addRun('second', { days: 32 });
    const retention = createRetention();
    const stop = new AbortController();
    knex.on('query', ({ sql }: { sql: string }) => {
      if (/^delete from .log_chunks/.test(sql)) {
        stop.abort();
      }
    });
    expect(await retention.runOnce(stop.signal)).toMatchObject({ logLines: 1 });
    expect(await retention.runOnce()).toMatchObject({ logLines: 1 });
    expect(await knex('log_chunks').pluck('run_id')).toEqual([]);
  });

  it('keeps the last run of an application that exists', async () => {
    for (const id of ['last', 'of-deleted', 'in-work']) {
      await addRun(id, { days: 400 });
    }
    await addDeployment('d1', { runId: 'last' });
    await addDeployment('d2', { runId: 'of-deleted', deleted: true });
    await addDeployment('d3', {
      runId: 'in-work',
      deleted: true,
      ended: false,
    });
    await createRetention().runOnce();
    expect(await runIds()).toEqual(['last', 'in-work']);
  });

  it('keeps the run that a living resource points at, whose secrets it may use', async () => {
    await addRun('living', { days: 400 });
    await addRun('gone', { days: 400 });
    await addResource({ runId: 'living', state: 'active' });
    await addResource({ runId: 'gone', state: 'terminated' });
    await createRetention().runOnce();
    expect(await runIds()).toEqual(['living']);
  });

  it('keeps a run while its retry lives, which uses its secrets, and then deletes both', async () => {
    await addRun('tried', { days: 400 });
    await addRun('retry', { days: 10, follows: { retry_of: 'tried' } });
    await addRun('undone', { days: 400 });
    await addRun('undo', { days: 10, follows: { undo_of: 'undone' } });
    await createRetention().runOnce();
    expect(await runIds()).toEqual(['tried', 'retry', 'undone', 'undo']);
    expect(await knex('secrets').pluck('address')).toContain(
      'run/tried/a/password',
    );
    await knex('workflow_runs').update({ ended_at: 1 });
    await createRetention().runOnce();
    await createRetention().runOnce();
    expect(await runIds()).toEqual([]);
    expect(await knex('secrets')).toEqual([]);
  });

  it('deletes nested runs with their parent, and not before', async () => {
    await addRun('kept', { days: 400 });
    await addRun('kept-child', { days: 400, parent: 'kept' });
    await addRun('old', { days: 400 });
    await addRun('old-child', { days: 401, parent: 'old' });
    await addDeployment('d1', { runId: 'kept' });
    // Such runs end before the run that started them.
    await addRun('old-grandchild', { days: 402, parent: 'old-child' });
    await createRetention().runOnce();
    expect(await runIds()).toEqual(['kept', 'kept-child']);
  });

  it('stops between two transactions when it is told to', async () => {
    await addRun('old', { days: 400 });
    const done = await createRetention().runOnce(AbortSignal.abort());
    expect(done).toEqual({ runs: 0, logLines: 0 });
    expect(await runIds()).toEqual(['old']);
  });

  it('names the setting that is too short', () => {
    expect(() => createRetention({ runs: '1 second' })).toThrow(
      '"innominatus.retention.runs" is shorter than a minute',
    );
  });
});
