import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createTestDatabases } from '../__testUtils__/testDatabases';

const databases = createTestDatabases();
const directory = resolvePackagePath(
  '@innominatus/backstage-plugin-innominatus-backend',
  'migrations',
);
const migration = { directory, name: '20261123000100_applications.js' };

const RESOURCE = {
  environment: 'development',
  environment_type: 'development',
  uid: 'postgres.default#orders.db',
  name: 'db',
  type: 'postgres',
  class: 'default',
  workload: 'orders',
  params: '{}',
  depends_on: '[]',
  outputs: '{}',
  hints: '[]',
  created_at: 1,
  updated_at: 1,
};

it.each(databases.each())(
  '20261123000100_applications.js makes the tables of applications and takes them away on %s',
  async id => {
    const knex = await databases.initEmpty(id);
    await knex.migrate.up({ directory, name: '20261123000000_init.js' });
    await knex.migrate.up(migration);

    await knex('resources').insert({
      ...RESOURCE,
      id: 'a',
      state: 'terminated',
    });
    await knex('resources').insert({ ...RESOURCE, id: 'b', state: 'active' });
    // Of the living there is one.
    await expect(
      knex('resources').insert({ ...RESOURCE, id: 'c', state: 'failed' }),
    ).rejects.toThrow(/unique/i);
    await expect(
      knex('resources').where({ id: 'b' }).update({ state: 'asleep' }),
    ).rejects.toThrow(/check/i);

    await knex.migrate.down(migration);
    for (const table of [
      'applications',
      'application_revisions',
      'deployments',
      'plans',
      'resources',
      'resource_users',
      'resource_transitions',
    ]) {
      await expect(knex.schema.hasTable(table)).resolves.toBe(false);
    }
  },
);
