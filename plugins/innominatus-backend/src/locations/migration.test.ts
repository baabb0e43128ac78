import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createTestDatabases } from '../__testUtils__/testDatabases';

const databases = createTestDatabases();
const directory = resolvePackagePath(
  '@innominatus/backstage-plugin-innominatus-backend',
  'migrations',
);
const migration = {
  directory,
  name: '20261127000100_definition_refreshes.js',
};

it.each(databases.each())(
  '20261127000100_definition_refreshes.js keeps one row for each signed request on %s',
  async id => {
    const knex = await databases.initEmpty(id);
    await knex.migrate.up(migration);
    const row = { id: 'a', digest: 'd', requested_at: 1 };
    await knex('definition_refreshes').insert(row);
    await expect(
      knex('definition_refreshes').insert({ ...row, id: 'b' }),
    ).rejects.toThrow(/unique/i);
    await knex('definition_refreshes').insert([
      { id: 'c', requested_at: 1 },
      { id: 'd', requested_at: 1 },
    ]);
    await knex.migrate.down(migration);
    await expect(knex.schema.hasTable('definition_refreshes')).resolves.toBe(
      false,
    );
  },
);
