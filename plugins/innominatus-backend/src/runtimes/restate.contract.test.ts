import { describeRuntimeContract } from '@innominatus/backstage-plugin-innominatus-node/testUtils';
import { Knex } from 'knex';
import { EmbeddedHarness } from '../__testUtils__/EmbeddedHarness';
import { createRestateRuntime } from '../__testUtils__/restate/createRestateRuntime';
import { describeWithRestate } from '../__testUtils__/restate/describeWithRestate';
import { LoadBalancer } from '../__testUtils__/restate/LoadBalancer';
import { RestateServer } from '../__testUtils__/restate/RestateServer';
import { createTestDatabases } from '../__testUtils__/testDatabases';

jest.setTimeout(90_000);

const databases = createTestDatabases();

describeWithRestate('on a real server', () => {
  let server: RestateServer;
  let harnesses = 0;

  beforeAll(async () => {
    server = await RestateServer.start();
  });

  afterAll(async () => {
    await server.stop();
  });

  // One database is enough: which one it is makes no difference to Restate.
  const databaseId = databases.each().flat().at(-1) as string;
  let knex: Promise<Knex> | undefined;
  describeRuntimeContract(
    `Restate on ${databaseId}`,
    EmbeddedHarness.factory(async () => {
      const balancer = await LoadBalancer.start();
      harnesses += 1;
      const servicePrefix = `test-${harnesses}`;
      return {
        knex: await (knex ??= databases.init(databaseId)),
        backends: databaseId.startsWith('SQLITE') ? 1 : 3,
        createRuntime: host =>
          createRestateRuntime({ server, balancer, servicePrefix, host }),
        restartServer: async () => {
          await server.nodes[0].kill();
          await server.nodes[0].start();
          await server.nodes[0].ready();
        },
        close: () => balancer.close(),
      };
    }),
  );
});
