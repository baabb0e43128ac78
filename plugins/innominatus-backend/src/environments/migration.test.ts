import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createTestDatabases } from '../__testUtils__/testDatabases';

const databases = createTestDatabases();
const directory = resolvePackagePath(
  '@innominatus/backstage-plugin-innominatus-backend',
  'migrations',
);
const migration = { directory, name: '20261127002000_environments.js' };

const ENVIRONMENT = {
  type: 'ephemeral',
  definition: '{}',
  version: 1,
  state: 'active',
  created_by: 'user:default/jane',
  created_at: 1,
  updated_at: 1,
};

it.each(databases.each())(
  '20261127002000_environments.js makes the table of environments and takes it away on %s',
  async id => {
    const knex = await databases.initEmpty(id);
    await knex.migrate.up(migration);
    const insert = (more: object) =>
      knex('environments').insert({ ...ENVIRONMENT, ...more });
    await insert({ name: 'a', copy_key: 'branch' });
    await insert({ name: 'b' });
    await insert({ name: 'c' });
    await expect(insert({ name: 'a' })).rejects.toThrow(/unique/i);
    // One environment for a branch.
    await expect(insert({ name: 'd', copy_key: 'branch' })).rejects.toThrow(
      /unique/i,
    );
    await expect(insert({ name: 'd', state: 'asleep' })).rejects.toThrow(
      /check/i,
    );
    await knex.migrate.down(migration);
    await expect(knex.schema.hasTable('environments')).resolves.toBe(false);
  },
);
