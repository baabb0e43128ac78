import { Knex } from 'knex';
import { createTestEngine, TestEngine } from '../__testUtils__/TestEngine';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { testWorkflow } from '../__testUtils__/workflows';
import { DatabaseRunStore } from '../runs';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('switching the runtime on %s', databaseId => {
  let knex: Knex;
  let engine: TestEngine;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engine = await createTestEngine({ knex });
    await engine.runtime.start();
  });

  afterEach(async () => {
    await engine.runtime.stop();
  });

  const definition = testWorkflow([{ name: 'a', type: 'simulate' }]);

  it('leaves runs of another runtime alone, and they say why they wait', async () => {
    const before = DatabaseRunStore.create(knex, {
      runtimes: { current: 'restate', whyUnavailable: () => undefined },
    });
    await before.create({
      runId: '00000000-0000-8000-8000-000000000001',
      initiator: 'user:default/jane',
      parameters: {},
      definition,
    });
    const { id } = await engine.start({ definition });
    expect((await engine.waitForEnd(id)).status).toBe('succeeded');

    const waiting = await engine.store.get(
      '00000000-0000-8000-8000-000000000001',
    );
    expect(waiting).toMatchObject({
      status: 'queued',
      waiting: {
        kind: 'worker',
        message:
          'Waits for the runtime "restate", which is not installed. Install the backend module "@innominatus/backstage-plugin-innominatus-backend-module-restate", or cancel the run and start it again.',
      },
    });
  });
});
