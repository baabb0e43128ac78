import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createTestDatabases } from '../__testUtils__/testDatabases';

const databases = createTestDatabases();
const directory = resolvePackagePath(
  '@innominatus/backstage-plugin-innominatus-backend',
  'migrations',
);
const BEFORE = ['20261123000000_init.js', '20261123000100_applications.js'];

describe.each(databases.each())('migrations about drift on %s', id => {
  it('20261128000100_run_purpose.js lets runs say what they are for, and forgets it', async () => {
    const knex = await databases.initEmpty(id);
    const migration = { directory, name: '20261128000100_run_purpose.js' };
    await knex.migrate.up({ directory, name: BEFORE[0] });
    await knex.migrate.up(migration);
    await knex('workflow_runs').insert({
      id: 'r1',
      workflow: 'look',
      status: 'running',
      initiator: 'innominatus',
      definition: '{}',
      input: '{}',
      steps_total: 1,
      created_at: 1,
      purpose: 'drift',
    });
    await knex.migrate.down(migration);
    const row = await knex('workflow_runs').first();
    expect(row).toMatchObject({ id: 'r1', workflow: 'look' });
    expect(row).not.toHaveProperty('purpose');
    await knex.migrate.up(migration);
  });

  it('20261128000200_drift.js has what is in use looked at, and takes drift away', async () => {
    const knex = await databases.initEmpty(id);
    const migration = { directory, name: '20261128000200_drift.js' };
    for (const name of BEFORE) {
      await knex.migrate.up({ directory, name });
    }
    const place = { environment: 'dev', environment_type: 'dev' };
    const times = { created_at: 1, updated_at: 1 };
    const resource = (name: string, state: string) => ({
      ...{ id: name, state, uid: name, name, type: 'postgres' },
      ...{ class: 'default', workload: 'orders' },
      ...{ params: '{}', depends_on: '[]', outputs: '{}', hints: '[]' },
      ...place,
      ...times,
    });
    await knex('resources').insert([
      resource('a', 'active'),
      resource('b', 'requested'),
    ]);
    await knex('applications').insert([
      { id: 'deployed', name: 'orders', revision: 1, ...place, ...times },
      { id: 'planned', name: 'other', ...place, ...times },
    ]);
    await knex.migrate.up(migration);
    expect(
      await knex('resources').whereNotNull('drift_due_at').pluck('id'),
    ).toEqual(['a']);
    expect(await knex('manifest_drift').pluck('application_id')).toEqual([
      'deployed',
    ]);

    await knex.migrate.down(migration);
    expect(await knex.schema.hasTable('manifest_drift')).toBe(false);
    expect(await knex('resources').first()).not.toHaveProperty('drift_due_at');
    await knex.migrate.up(migration);
  });
});
