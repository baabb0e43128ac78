import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { readLogLines } from '../engine';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const directory = resolvePackagePath(
  '@innominatus/backstage-plugin-innominatus-backend',
  'migrations',
);

const RUN = {
  id: 'r1',
  workflow: 'deploy',
  status: 'running',
  initiator: 'user:default/jane',
  definition: '{}',
  input: '{}',
  steps_total: 1,
  created_at: 1,
  started_at: 1,
};

describe.each(databases.each())('migrations on %s', databaseId => {
  it('20261123000000_init.js makes the tables of runs and takes them away', async () => {
    const knex = await databases.initEmpty(databaseId);
    const migration = { directory, name: '20261123000000_init.js' };
    await knex.migrate.up(migration);

    await knex('workflow_runs').insert(RUN);
    const row = await knex('workflow_runs').first();
    expect(row).toMatchObject({ number: 1, id: 'r1', version: 1, seq: 0 });
    expect(Boolean(row.end_handled)).toBe(false);
    await expect(knex('workflow_runs').insert(RUN)).rejects.toThrow();

    await knex.migrate.down(migration);
    expect(await knex.schema.hasTable('workflow_runs')).toBe(false);
    expect(await knex.schema.hasTable('secrets')).toBe(false);
  });

  it('20261126000300_follow_ups.js links runs and takes the links away', async () => {
    const knex = await databases.initEmpty(databaseId);
    const migration = { directory, name: '20261126000300_follow_ups.js' };
    await knex.migrate.up({ directory, name: '20261123000000_init.js' });
    await knex('workflow_runs').insert(RUN);
    await knex.migrate.up(migration);

    const retry = { ...RUN, id: 'r2', retry_of: 'r1', retry_of_number: 1 };
    await knex('workflow_runs').insert(retry);
    await expect(
      knex('workflow_runs').insert({ ...retry, id: 'r3' }),
    ).rejects.toThrow();
    await knex('workflow_runs').insert({ ...RUN, id: 'r4', undo_of: 'r1' });

    await knex.migrate.down(migration);
    const row = await knex('workflow_runs').where({ id: 'r2' }).first();
    expect(row).toMatchObject({ id: 'r2', workflow: 'deploy' });
    expect(row).not.toHaveProperty('retry_of');
  });

  it('20261126000400_run_queue.js turns keys into locks, and back', async () => {
    const knex = await databases.initEmpty(databaseId);
    const migration = { directory, name: '20261126000400_run_queue.js' };
    await knex.migrate.up({ directory, name: '20261123000000_init.js' });
    const run = { ...RUN, concurrency_key: 'app' };
    await knex('workflow_runs').insert([
      { ...RUN, id: 'free', started_at: null },
      { ...run, id: 'over', ended_at: 2 },
      { ...run, id: 'busy' },
      { ...run, id: 'next', started_at: null },
    ]);
    await knex.migrate.up(migration);

    expect(
      await knex('run_groups').orderBy('run_id').select('run_id', 'state'),
    ).toEqual([
      { run_id: 'busy', state: 'held' },
      { run_id: 'next', state: 'new' },
    ]);
    expect(
      (await knex('workflow_runs').whereNull('admitted_at')).map(
        ({ id }) => id,
      ),
    ).toEqual(['next']);

    await knex.migrate.down(migration);
    expect(await knex.schema.hasTable('run_groups')).toBe(false);
    await expect(
      knex('workflow_runs').insert({ ...run, id: 'another' }),
    ).rejects.toThrow();
    await knex('workflow_runs').where({ id: 'busy' }).update({ ended_at: 2 });
    await knex('workflow_runs').insert({ ...run, id: 'another' });
    await knex.migrate.up(migration);
  });

  it('20261126000500_log_chunks.js packs the lines of logs, and unpacks them', async () => {
    const knex = await databases.initEmpty(databaseId);
    const migration = { directory, name: '20261126000500_log_chunks.js' };
    await knex.migrate.up({ directory, name: '20261123000000_init.js' });
    const lines = Array.from({ length: 1700 }, (_, i) => ({
      run_id: i < 100 ? 'r1' : 'r2',
      seq: i < 100 ? i + 1 : i - 99,
      step: i % 3 === 0 ? 'a' : 'b',
      attempt: 1 + (i % 2),
      at: 1_700_000_000_000 + i,
      level: ['info', 'warn', 'error'][i % 3],
      text: i % 7 === 0 ? '' : `line "${i}" \\ ü`,
    }));
    await knex.batchInsert('step_logs', lines, 100);
    await knex.migrate.up(migration);

    expect(await knex.schema.hasTable('step_logs')).toBe(false);
    const read = async (runId: string) =>
      (await readLogLines(knex, { runId, limit: 5000 })).map(line => ({
        run_id: runId,
        ...line,
      }));
    expect([...(await read('r1')), ...(await read('r2'))]).toEqual(lines);
    expect((await knex('log_chunks')).length).toBeLessThan(30);

    await knex.migrate.down(migration);
    const rows = await knex('step_logs').orderBy(['run_id', 'seq']);
    expect(rows.map(row => ({ ...row, at: Number(row.at) }))).toEqual(lines);
  });

  it('20261126000401_schedules.js makes the table of schedules and takes it away', async () => {
    const knex = await databases.initEmpty(databaseId);
    const migration = { directory, name: '20261126000401_schedules.js' };
    await knex.migrate.up(migration);
    const schedule = { name: 's', kind: 'GoldenPath', definition: '{}' };
    await knex('schedules').insert(schedule);
    await expect(knex('schedules').insert(schedule)).rejects.toThrow();
    await knex.migrate.down(migration);
    expect(await knex.schema.hasTable('schedules')).toBe(false);
  });

  it('frees the slots of a run with its end, and gives no slot twice', async () => {
    const knex = await databases.init(databaseId);
    await knex('workflow_runs').insert([
      { ...RUN, grouped: true },
      { ...RUN, id: 'r2', grouped: true },
    ]);
    const group = {
      group_key: 'app',
      max_runs: 1,
      state: 'held',
      slot: 1,
      queue_order: 1,
      run_number: 1,
    };
    await knex('run_groups').insert({ ...group, run_id: 'r1' });
    await expect(
      knex('run_groups').insert({ ...group, run_id: 'r2' }),
    ).rejects.toThrow(/unique/i);
    await knex('workflow_runs').where({ id: 'r1' }).update({ version: 2 });
    expect(await knex('run_groups').first()).toMatchObject({ state: 'held' });
    await knex('workflow_runs').where({ id: 'r1' }).update({ ended_at: 2 });
    expect(await knex('run_groups').first()).toMatchObject({
      state: 'freed',
      slot: null,
    });
    await knex('run_groups').insert({ ...group, run_id: 'r2' });
  });

  it('20261126000600_runtime.js keeps the runs there are embedded ones', async () => {
    const knex = await databases.initEmpty(databaseId);
    const name = '20261126000600_runtime.js';
    for (;;) {
      const [, pending] = await knex.migrate.list({ directory });
      if (pending.length === 0 || pending[0].file === name) {
        break;
      }
      await knex.migrate.up({ directory, name: pending[0].file });
    }
    await knex('workflow_runs').insert(RUN);

    await knex.migrate.up({ directory, name });
    const row = await knex('workflow_runs').first();
    expect(row).toMatchObject({ runtime: 'embedded', submitted_at: null });
    const claim = {
      run_id: 'r1',
      step: 's',
      attempt: 1,
      fencing_token: 1,
      owner: 'a',
      expires_at: 1,
    };
    await knex('step_claims').insert(claim);
    await expect(
      knex('step_claims').insert({ ...claim, owner: 'b' }),
    ).rejects.toThrow();

    await knex.migrate.down({ directory, name });
    expect(await knex.schema.hasTable('step_claims')).toBe(false);
    expect(await knex.schema.hasColumn('workflow_runs', 'runtime')).toBe(false);
    expect(await knex('workflow_runs').first()).toMatchObject({ id: 'r1' });
  });

  it('20261126000800_history.js adds its indexes and takes them away', async () => {
    const knex = await databases.initEmpty(databaseId);
    const name = '20261126000800_history.js';
    for (;;) {
      const [, pending] = await knex.migrate.list({ directory });
      if (pending.length === 0 || pending[0].file === name) {
        break;
      }
      await knex.migrate.up({ directory, name: pending[0].file });
    }
    const indexes = async (): Promise<string[]> => {
      const rows = databaseId.startsWith('SQLITE')
        ? await knex('sqlite_master').where({ type: 'index' }).select('name')
        : await knex('pg_indexes').select({ name: 'indexname' });
      return rows.map(row => row.name);
    };
    const before = await indexes();
    await knex('workflow_runs').insert(RUN);

    await knex.migrate.up({ directory, name });
    expect(await indexes()).toEqual(
      expect.arrayContaining(['workflow_runs_ended_idx', 'resources_run_idx']),
    );

    await knex.migrate.down({ directory, name });
    expect((await indexes()).sort()).toEqual(before.sort());
    expect(await knex('workflow_runs').first()).toMatchObject({ id: 'r1' });
  });

  it('20261127003000_resource_reveals.js keeps who looked, and takes it away', async () => {
    const knex = await databases.initEmpty(databaseId);
    const migration = { directory, name: '20261127003000_resource_reveals.js' };
    await knex.migrate.up(migration);
    const row = { id: 'a', resource_id: 'r', output: 'password', by: 'x' };
    await knex('resource_reveals').insert({ ...row, reason: 'y', at: 1 });
    await expect(
      knex('resource_reveals').insert({ ...row, id: 'b', at: 1 }),
    ).rejects.toThrow(/null/i);
    await knex.migrate.down(migration);
    expect(await knex.schema.hasTable('resource_reveals')).toBe(false);
  });

  it('20261127003100_resource_health.js has what is in use looked at, and takes health away', async () => {
    const knex = await databases.initEmpty(databaseId);
    const migration = { directory, name: '20261127003100_resource_health.js' };
    for (const name of [
      '20261123000000_init.js',
      '20261123000100_applications.js',
    ]) {
      await knex.migrate.up({ directory, name });
    }
    const resource = (id: string, state: string) => ({
      ...{ id, state, uid: id, name: id, type: 'postgres', class: 'default' },
      ...{ environment: 'dev', environment_type: 'dev', workload: 'orders' },
      ...{ params: '{}', depends_on: '[]', outputs: '{}', hints: '[]' },
      ...{ created_at: 1, updated_at: 1 },
    });
    await knex('resources').insert([
      resource('a', 'active'),
      resource('b', 'requested'),
    ]);
    await knex.migrate.up(migration);
    expect(
      await knex('resources').whereNotNull('health_due_at').select('id'),
    ).toEqual([{ id: 'a' }]);
    expect(await knex('resources').first('health_failures')).toEqual({
      health_failures: 0,
    });

    await knex.migrate.down(migration);
    expect(await knex.schema.hasTable('resource_health')).toBe(false);
    expect(await knex('resources').first()).not.toHaveProperty('health_due_at');
    await knex.migrate.up(migration);
  });
});
