import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createTestDatabases } from '../__testUtils__/testDatabases';

const databases = createTestDatabases();
const directory = resolvePackagePath(
  '@innominatus/backstage-plugin-innominatus-backend',
  'migrations',
);

it.each(databases.each())(
  '20261128010000_resource_management.js takes what is there for native, refuses other words, and goes away on %s',
  async id => {
    const knex = await databases.initEmpty(id);
    const migration = {
      directory,
      name: '20261128010000_resource_management.js',
    };
    await knex.migrate.up({ directory, name: '20261123000000_init.js' });
    await knex.migrate.up({
      directory,
      name: '20261123000100_applications.js',
    });
    const resource = (name: string) => ({
      ...{ id: name, uid: name, name, state: 'active', type: 'postgres' },
      ...{ class: 'default', workload: 'orders', environment: 'dev' },
      ...{ environment_type: 'dev', params: '{}', depends_on: '[]' },
      ...{ outputs: '{}', hints: '[]', created_at: 1, updated_at: 1 },
    });
    await knex('resources').insert(resource('old'));
    await knex.migrate.up(migration);
    await expect(knex('resources').first()).resolves.toMatchObject({
      id: 'old',
      management: 'native',
    });
    await knex('resources').insert({
      ...resource('asked-for'),
      management: 'delegated',
    });
    await expect(
      knex('resources').insert({ ...resource('odd'), management: 'magic' }),
    ).rejects.toThrow(/check/i);

    await knex.migrate.down(migration);
    const rows = await knex('resources').orderBy('id');
    expect(rows.map(row => row.id)).toEqual(['asked-for', 'old']);
    expect(rows[0]).not.toHaveProperty('management');
    // Of the living there is still one.
    await expect(
      knex('resources').insert({ ...resource('old'), id: 'second' }),
    ).rejects.toThrow(/unique/i);
    await knex.migrate.up(migration);
  },
);
