import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createTestDatabases } from '../__testUtils__/testDatabases';

const databases = createTestDatabases();
const directory = resolvePackagePath(
  '@innominatus/backstage-plugin-innominatus-backend',
  'migrations',
);
const migration = { directory, name: '20261127001000_plan_approvals.js' };

it.each(databases.each())(
  '20261127001000_plan_approvals.js lets deployments wait, and ends those that do when it is taken back on %s',
  async id => {
    const knex = await databases.initEmpty(id);
    for (const name of [
      '20261123000000_init.js',
      '20261123000100_applications.js',
      '20261126000200_approvals.js',
    ]) {
      await knex.migrate.up({ directory, name });
    }
    await knex('applications').insert({
      id: 'app',
      environment: 'development',
      environment_type: 'development',
      name: 'orders',
      created_at: 1,
      updated_at: 1,
    });
    const deployment = (number: number) => ({
      id: `deployment-${number}`,
      application_id: 'app',
      number,
      environment: 'development',
      environment_type: 'development',
      name: 'orders',
      action: 'deploy',
      status: 'pending',
      revision: 1,
      golden_path: 'deploy-app',
      plan_hash: 'hash',
      run_id: `run-${number}`,
      work: '{}',
      changes: '[]',
      created_by: 'user:default/jane',
      created_at: 1,
    });
    await knex('deployments').insert({ ...deployment(1), run_number: 7 });

    await knex.migrate.up(migration);
    await knex('deployments').insert({
      ...deployment(2),
      approval_id: 'plan~deployment-2',
      monthly_cost: 12.34,
    });
    await expect(
      knex('deployments').orderBy('number').select('monthly_cost'),
    ).resolves.toEqual([{ monthly_cost: null }, { monthly_cost: 12.34 }]);

    await knex.migrate.down(migration);
    await expect(
      knex('deployments').orderBy('number').select('status'),
    ).resolves.toEqual([{ status: 'pending' }, { status: 'cancelled' }]);
    await expect(
      knex.schema.hasColumn('deployments', 'approval_id'),
    ).resolves.toBe(false);
  },
);

it.each(databases.each())(
  '20261128020000_deployment_holds.js lets deployments say what they wait for on %s',
  async id => {
    const knex = await databases.initEmpty(id);
    const name = '20261128020000_deployment_holds.js';
    for (const before of [
      '20261123000000_init.js',
      '20261123000100_applications.js',
    ]) {
      await knex.migrate.up({ directory, name: before });
    }
    const columns = async () => [
      await knex.schema.hasColumn('deployments', 'hold'),
      await knex.schema.hasColumn('deployments', 'retry_at'),
    ];
    await knex.migrate.up({ directory, name });
    await expect(columns()).resolves.toEqual([true, true]);
    await knex.migrate.down({ directory, name });
    await expect(columns()).resolves.toEqual([false, false]);
  },
);
