import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createTestDatabases } from '../__testUtils__/testDatabases';

const databases = createTestDatabases();
const directory = resolvePackagePath(
  '@innominatus/backstage-plugin-innominatus-backend',
  'migrations',
);
const migration = { directory, name: '20261127001100_application_lists.js' };

it.each(databases.each())(
  '20261127001100_application_lists.js makes the indexes of the lists and takes them away on %s',
  async id => {
    const knex = await databases.initEmpty(id);
    await knex.migrate.up({
      directory,
      name: '20261123000100_applications.js',
    });
    await knex.migrate.up(migration);
    const again = knex.raw(
      'create index applications_name_idx on applications (name)',
    );
    await expect(again).rejects.toThrow(/already exists/);
    await knex.migrate.down(migration);
    await knex.raw('create index applications_name_idx on applications (name)');
  },
);
