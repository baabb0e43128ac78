import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createTestDatabases } from '../__testUtils__/testDatabases';

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

  it('lets only one run of a key be in progress', async () => {
    const knex = await databases.init(databaseId);
    const run = { ...RUN, concurrency_key: 'app' };
    await knex('workflow_runs').insert(run);
    await expect(
      knex('workflow_runs').insert({ ...run, id: 'r2' }),
    ).rejects.toThrow();
    await knex('workflow_runs').insert({ ...run, id: 'r3', started_at: null });
    await knex('workflow_runs').where({ id: 'r1' }).update({ ended_at: 2 });
    await knex('workflow_runs').insert({ ...run, id: 'r4' });
    expect(await knex('workflow_runs').select('id')).toHaveLength(3);
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
});
