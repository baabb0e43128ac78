import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createTestDatabases } from '../__testUtils__/testDatabases';

const databases = createTestDatabases();
const directory = resolvePackagePath(
  '@innominatus/backstage-plugin-innominatus-backend',
  'migrations',
);
const migration = { directory, name: '20261126000200_approvals.js' };

it.each(databases.each())(
  '20261126000200_approvals.js makes the table of approvals and takes it away on %s',
  async id => {
    const knex = await databases.initEmpty(id);
    await knex.migrate.up({ directory, name: '20261123000000_init.js' });
    await knex.migrate.up(migration);

    const approval = {
      id: 'run~ask~1',
      run_id: 'run',
      run_number: 1,
      workflow: 'deploy',
      step: 'ask',
      attempt: 1,
      round: 1,
      kind: 'approval',
      state: 'pending',
      policy: '{}',
      decisions: '[]',
      decided_by: '\n\n',
      allow_requester: false,
      initiator: 'user:default/jane',
      requested_at: 1,
    };
    await knex('approvals').insert(approval);
    await expect(knex('approvals').insert(approval)).rejects.toThrow(/unique/i);

    await knex.migrate.down(migration);
    await expect(knex.schema.hasTable('approvals')).resolves.toBe(false);
  },
);
