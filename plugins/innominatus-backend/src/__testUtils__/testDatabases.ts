import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { applyMigrations } from '../database';

/** Both databases that Backstage runs on, with a way to an empty schema of ours. */
export function createTestDatabases() {
  const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
  if (process.env.CI_REQUIRE_ALL && !databases.supports('POSTGRES_18')) {
    throw new Error(
      'PostgreSQL is required, set BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING',
    );
  }
  return {
    each: () => databases.eachSupportedId(),
    initEmpty: (id: string): Promise<Knex> =>
      databases.init(id as Parameters<typeof databases.init>[0]),
    init: async (id: string): Promise<Knex> => {
      const knex = await databases.init(
        id as Parameters<typeof databases.init>[0],
      );
      await applyMigrations(knex);
      return knex;
    },
  };
}
