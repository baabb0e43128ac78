import { peerModules } from '../lib/peerModules.mjs';
import { STEPS, expectCount, runSubject } from '../lib/subject.mjs';

/** BullMQ on a Redis that flushes each write: each job adds the next one. */
runSubject(async ({ server, peer, concurrency }) => {
  const { Queue, Worker } = await peerModules(peer).import('bullmq');
  const connection = { host: '127.0.0.1', port: server.port };
  const queue = new Queue('steps', { connection });
  const waiting = new Map();
  const worker = new Worker(
    'steps',
    async job => {
      const { id, step } = job.data;
      if (step < STEPS - 1) await queue.add('step', { id, step: step + 1 });
      return {};
    },
    { connection: { ...connection, maxRetriesPerRequest: null }, concurrency },
  );
  worker.on('completed', job => {
    const { id, step } = job.data;
    if (step === STEPS - 1) waiting.get(id)?.resolve();
  });
  worker.on('failed', (job, error) => waiting.get(job?.data.id)?.reject(error));
  worker.on('error', error => process.stderr.write(`${error.stack}\n`));
  await worker.waitUntilReady();
  let count = 0;
  return {
    one: async () => {
      count += 1;
      const id = `run-${count}`;
      const { promise, resolve, reject } = Promise.withResolvers();
      waiting.set(id, { resolve, reject });
      await queue.add('step', { id, step: 0 });
      await promise;
      waiting.delete(id);
    },
    verify: async total =>
      expectCount({
        what: 'completed jobs',
        found: await queue.getCompletedCount(),
        expected: total * STEPS,
      }),
    close: async () => {
      await worker.close();
      await queue.close();
    },
  };
});
