import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createTestDatabases } from '../__testUtils__/testDatabases';

const databases = createTestDatabases();
const directory = resolvePackagePath(
  '@innominatus/backstage-plugin-innominatus-backend',
  'migrations',
);
const migration = {
  directory,
  name: '20261128001100_delegated_resources.js',
};

it.each(databases.each())(
  '20261128001100_delegated_resources.js makes the table of callbacks and takes it away on %s',
  async id => {
    const knex = await databases.initEmpty(id);
    await knex.migrate.up({ directory, name: '20261123000000_init.js' });
    const hasColumn = () =>
      knex.schema.hasColumn('workflow_runs', 'parent_waits');
    await knex.migrate.up(migration);
    await expect(hasColumn()).resolves.toBe(true);

    const callback = {
      id: 'callback',
      resource_id: 'resource',
      run_id: 'run',
      secret_ref: 'run/run/callback/secret',
      status: 'open',
      created_at: 1,
      expires_at: 2,
    };
    await knex('resource_callbacks').insert(callback);
    await expect(knex('resource_callbacks').insert(callback)).rejects.toThrow(
      /unique/i,
    );
    await expect(knex('resource_callbacks').first()).resolves.toMatchObject({
      reports: 0,
      waiting_run_id: null,
    });

    await knex.migrate.down(migration);
    await expect(knex.schema.hasTable('resource_callbacks')).resolves.toBe(
      false,
    );
    await expect(hasColumn()).resolves.toBe(false);
  },
);
