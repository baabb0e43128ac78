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

describe.each(databases.each())('migrations about resources on %s', id => {
  it('20261128060000_declared_params.js lets what is recorded stand in for what each user declares, and forgets it', async () => {
    const knex = await databases.initEmpty(id);
    const migration = { directory, name: '20261128060000_declared_params.js' };
    for (const name of [
      '20261123000000_init.js',
      '20261123000100_applications.js',
    ]) {
      await knex.migrate.up({ directory, name });
    }
    await knex('resources').insert({
      ...{ id: 'r1', state: 'active', uid: 'db', name: 'db', type: 'postgres' },
      ...{ class: 'default', workload: 'orders', params: '{"size":"small"}' },
      ...{ depends_on: '[]', outputs: '{}', hints: '[]' },
      ...{ environment: 'dev', environment_type: 'dev' },
      ...{ created_at: 1, updated_at: 1 },
    });
    await knex('resource_users').insert(
      ['orders', 'billing'].map(workload => ({
        resource_id: 'r1',
        workload,
        name: 'db',
      })),
    );
    await knex.migrate.up(migration);
    expect(await knex('resource_users').pluck('declared')).toEqual([
      '{"size":"small"}',
      '{"size":"small"}',
    ]);
    await knex.migrate.down(migration);
    expect(await knex('resource_users').first()).not.toHaveProperty('declared');
    await knex.migrate.up(migration);
  });
});
