import { describeRuntimeContract } from '@innominatus/backstage-plugin-innominatus-node/testUtils';
import { Knex } from 'knex';
import { EmbeddedHarness } from '../__testUtils__/EmbeddedHarness';
import { createTestDatabases } from '../__testUtils__/testDatabases';

const databases = createTestDatabases();

for (const databaseId of databases.each().flat()) {
  const onSqlite = databaseId.startsWith('SQLITE');
  for (const backends of onSqlite ? [1] : [1, 3]) {
    let knex: Promise<Knex> | undefined;
    describeRuntimeContract(
      `embedded on ${databaseId}, ${backends} at work`,
      EmbeddedHarness.factory(async () => ({
        knex: await (knex ??= databases.init(databaseId)),
        backends,
      })),
      // Nobody can take a file away from a process for a moment.
      { without: onSqlite ? ['outage'] : [] },
    );
  }
}
