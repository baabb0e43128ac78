import knexFactory from 'knex';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { STEPS, expectCount, runSubject } from '../lib/subject.mjs';

/** How often the broker looks for a cancellation of each task. */
const EVENT_POLL_MS = 1_000;

const require = createRequire(import.meta.url);
// Some Backstage packages can only be loaded the older way.
const { ConfigReader } = require('@backstage/config');
const { ScmIntegrations } = require('@backstage/integration');

/** The plugin does not export its broker, so its files are loaded by path. */
function loadScaffolder() {
  const dist = path.dirname(
    require.resolve('@backstage/plugin-scaffolder-backend'),
  );
  const load = file => require(path.join(dist, 'scaffolder', file));
  return {
    ...load('tasks/DatabaseTaskStore.cjs.js'),
    ...load('tasks/StorageTaskBroker.cjs.js'),
    ...load('tasks/TaskWorker.cjs.js'),
    ...load('actions/TemplateActionRegistry.cjs.js'),
  };
}

const silent = () => {};
const logger = {
  debug: silent,
  info: silent,
  warn: message => process.stderr.write(`${message}\n`),
  error: message => process.stderr.write(`${message}\n`),
  child: () => logger,
};
const instrument = { add: silent, record: silent };
const metrics = {
  createCounter: () => instrument,
  createHistogram: () => instrument,
};

/** Backstage's scaffolder: a task of ten actions, with recovery switched on. */
runSubject(async ({ server, folder, concurrency }) => {
  const scaffolder = loadScaffolder();
  const config = new ConfigReader({
    scaffolder: { taskRecovery: { enabled: true } },
  });
  const knex = knexFactory({
    client: 'pg',
    connection: server.url,
    pool: { min: 0, max: 10 },
  });
  const store = await scaffolder.DatabaseTaskStore.create({
    database: knex,
    recoverTasksEnabled: true,
  });
  // A task may end before `dispatch` has answered with its id, so whichever side
  // comes first makes the promise.
  const ends = new Map();
  const endOf = taskId => {
    if (!ends.has(taskId)) ends.set(taskId, Promise.withResolvers());
    return ends.get(taskId);
  };
  // Its own event stream is polled each second; this is the moment of the commit.
  const completeTask = store.completeTask.bind(store);
  store.completeTask = async options => {
    await completeTask(options);
    const end = endOf(options.taskId);
    if (options.status === 'completed') end.resolve();
    else end.reject(new Error(JSON.stringify(options.eventBody)));
  };
  const auth = { getNoneCredentials: async () => ({}) };
  const broker = new scaffolder.StorageTaskBroker(store, logger, config, auth);
  const registry = new scaffolder.DefaultTemplateActionRegistry(
    { list: async () => ({ actions: [] }) },
    logger,
  );
  registry.register({ id: 'noop', handler: async () => {} });
  const worker = await scaffolder.TaskWorker.create({
    taskBroker: broker,
    actionRegistry: registry,
    integrations: ScmIntegrations.fromConfig(config),
    logger,
    config,
    metrics,
    workingDirectory: folder,
    // Not below its default: with a limit of one, a task that is dispatched while
    // the worker looks for work is not seen until the next one.
    concurrentTasksLimit: Math.max(concurrency, 10),
  });
  worker.start();
  const spec = {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    parameters: {},
    steps: Array.from({ length: STEPS }, (_, i) => ({
      id: `s${i}`,
      name: `s${i}`,
      action: 'noop',
    })),
    output: {},
  };
  return {
    one: async () => {
      const { taskId } = await broker.dispatch({ spec });
      await endOf(taskId).promise;
      ends.delete(taskId);
    },
    verify: async total => {
      const tasks = await knex('tasks').where({ status: 'completed' });
      expectCount({
        what: 'completed tasks',
        found: tasks.length,
        expected: total,
      });
      const steps = tasks.flatMap(({ state }) =>
        Object.values(JSON.parse(state).state.steps),
      );
      expectCount({
        what: 'saved steps',
        found: steps.filter(({ status }) => status === 'completed').length,
        expected: total * STEPS,
      });
    },
    close: async () => {
      await worker.stop();
      await setTimeout(2 * EVENT_POLL_MS);
      await knex.destroy();
    },
  };
});
