import { EventEmitter } from 'node:events';
import { peerModules } from '../lib/peerModules.mjs';
import { STEPS, expectCount, runSubject } from '../lib/subject.mjs';

/**
 * graphile-worker: each job adds the next one. A workflow ends with the work of
 * its last job; the removal of that job's row is not waited for.
 */
runSubject(async ({ server, peer, concurrency }) => {
  const modules = peerModules(peer);
  const { Logger, run } = await modules.import('graphile-worker');
  const events = new EventEmitter();
  const waiting = new Map();
  const warn = (level, message) => {
    if (level === 'error') process.stderr.write(`${message}\n`);
  };
  const runner = await run({
    connectionString: server.url,
    maxPoolSize: 10,
    concurrency,
    noHandleSignals: true,
    logger: new Logger(() => warn),
    events,
    taskList: {
      step: async ({ id, step }, helpers) => {
        if (step < STEPS - 1) {
          await helpers.addJob('step', { id, step: step + 1 });
        }
      },
    },
  });
  events.on('job:complete', ({ job, error }) => {
    const { id, step } = job.payload;
    if (error) waiting.get(id)?.reject(error);
    else if (step === STEPS - 1) waiting.get(id)?.resolve();
  });
  let count = 0;
  return {
    one: async () => {
      count += 1;
      const id = `run-${count}`;
      const { promise, resolve, reject } = Promise.withResolvers();
      waiting.set(id, { resolve, reject });
      await runner.addJob('step', { id, step: 0 });
      await promise;
      waiting.delete(id);
    },
    // Its rows are gone when a job is done; the numbers they had are not.
    verify: async total => {
      await runner.stop();
      const { Client } = modules.require('pg');
      const client = new Client({ connectionString: server.url });
      await client.connect();
      const { rows } = await client.query(
        `select (select count(*) from graphile_worker._private_jobs) as left_over,
          pg_sequence_last_value(pg_get_serial_sequence('graphile_worker._private_jobs', 'id')) as added`,
      );
      expectCount({
        what: 'jobs left',
        found: rows[0].left_over,
        expected: 0,
      });
      expectCount({
        what: 'jobs',
        found: rows[0].added,
        expected: total * STEPS,
      });
      await client.end();
    },
    close: async () => {},
  };
});
