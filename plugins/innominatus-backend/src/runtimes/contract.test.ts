import { describeRuntimeContract } from '@innominatus/backstage-plugin-innominatus-node/testUtils';
import { Knex } from 'knex';
import { EmbeddedHarness } from '../__testUtils__/EmbeddedHarness';
import { LocalRuntime } from '../__testUtils__/LocalRuntime';
import { createTestDatabases } from '../__testUtils__/testDatabases';

// The contract on the other database is that of Restate, beside this file.
const databases = createTestDatabases();
const [databaseId] = databases.each().flat();
let knex: Promise<Knex> | undefined;

describeRuntimeContract(
  `a runtime of a module on ${databaseId}`,
  EmbeddedHarness.factory(async () => ({
    knex: await (knex ??= databases.init(databaseId)),
    backends: 1,
    createRuntime: async host => LocalRuntime.create(host),
  })),
  { without: ['outage'] },
);
