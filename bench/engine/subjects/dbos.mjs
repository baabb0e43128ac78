import { peerModules } from '../lib/peerModules.mjs';
import { STEPS, expectCount, runSubject } from '../lib/subject.mjs';

/** DBOS, started directly: its queues would add their polling interval. */
runSubject(async ({ server, peer }) => {
  const modules = peerModules(peer);
  const { DBOS } = await modules.import('@dbos-inc/dbos-sdk');
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: server.url,
    systemDatabasePoolSize: 10,
    executorID: 'bench',
    applicationVersion: '1',
    logLevel: 'error',
  });
  const step = async () => ({});
  const workflow = DBOS.registerWorkflow(
    async () => {
      for (let i = 0; i < STEPS; i += 1) {
        await DBOS.runStep(step, { name: `s${i}` });
      }
    },
    { name: 'ten-steps' },
  );
  await DBOS.launch();
  return {
    one: async () => {
      const handle = await DBOS.startWorkflow(workflow)();
      await handle.getResult();
    },
    verify: async total => {
      const { Client } = modules.require('pg');
      const client = new Client({ connectionString: server.url });
      await client.connect();
      const count = async sql => (await client.query(sql)).rows[0].found;
      expectCount({
        what: 'workflows with the status SUCCESS',
        found: await count(
          "select count(*) as found from dbos.workflow_status where status = 'SUCCESS'",
        ),
        expected: total,
      });
      expectCount({
        what: 'recorded steps',
        found: await count(
          'select count(*) as found from dbos.operation_outputs',
        ),
        expected: total * STEPS,
      });
      await client.end();
    },
    close: () => DBOS.shutdown(),
  };
});
