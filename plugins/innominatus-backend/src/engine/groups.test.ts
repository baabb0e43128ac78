import { StepFailure } from '@innominatus/backstage-plugin-innominatus-node';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestEngine, TestEngine } from '../__testUtils__/TestEngine';
import { testStepType } from '../__testUtils__/stepTypes';
import { inOrder, testWorkflow } from '../__testUtils__/workflows';

jest.setTimeout(120_000);

const databases = createTestDatabases();
const RUNS = 60;

/** Always the same numbers, so that a failure can be looked at again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

describe.each(databases.each())('runs that share on %s', databaseId => {
  const isPostgres = databaseId.startsWith('POSTGRES');
  let knex: Knex;
  let engines: TestEngine[];

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engines = [];
  });
  afterEach(async () => {
    await Promise.all(
      engines.map(async engine => {
        await engine.runtime.stop();
        await engine.notices.stop();
      }),
    );
  });

  /** One process on SQLite, three on PostgreSQL. */
  async function startEngines(
    options: Omit<Parameters<typeof createTestEngine>[0], 'knex'>,
  ) {
    for (let i = 0; i < (isPostgres ? 3 : 1); i++) {
      const engine = await createTestEngine({ knex, ...options });
      engine.notices.start();
      engines.push(engine);
    }
  }

  const startRuntimes = () =>
    Promise.all(engines.map(engine => engine.runtime.start()));

  it('are never more at once than their limits say, and all of them end', async () => {
    const random = numbers(20_301);
    const active = new Map<string, number>();
    const most = new Map<string, number>();
    const count = (key: string, by: number) => {
      const now = (active.get(key) ?? 0) + by;
      active.set(key, now);
      most.set(key, Math.max(most.get(key) ?? 0, now));
    };
    const counting = testStepType('counting', async ({ config }) => {
      const { keys } = config as { keys: string[] };
      keys.forEach(key => count(key, 1));
      await new Promise(resolve => setTimeout(resolve, 1 + random(15)));
      keys.forEach(key => count(key, -1));
    });
    await startEngines({
      stepTypes: [counting],
      limits: { runsPerTeam: 4, runsPerEnvironment: 3 },
      concurrency: 6,
    });
    const ids: string[] = [];
    for (let i = 0; i < RUNS; i++) {
      const app = `app-${random(4)}`;
      const owner = `group:default/team-${random(2)}`;
      const environment = ['dev', 'prod'][random(2)];
      const group = `g${random(3)}`;
      const keys = [
        `application:${environment}/${app}`,
        `team:${owner}`,
        `environment:${environment}`,
        `group:${group}`,
      ];
      const run = await engines[i % engines.length].start({
        definition: testWorkflow(
          inOrder([
            { name: 'a', type: 'counting', config: { keys } },
            { name: 'b', type: 'counting', config: { keys } },
          ]),
          { concurrency: { group, limit: 1 + Number(group.slice(1)) } },
        ),
        priority: random(201) - 100,
        concurrencyKey: keys[0],
        application: {
          environment,
          environmentType: environment,
          name: app,
          owner,
        },
      });
      ids.push(run.id);
      if (i === RUNS / 3) {
        await startRuntimes();
      }
    }
    for (const id of ids.filter((_, i) => i % 10 === 9)) {
      await engines[0].runs.cancel({ id, by: 'user:default/jane' });
    }
    const ended = await Promise.all(ids.map(id => engines[0].waitForEnd(id)));
    expect(
      ended.filter(run => !['succeeded', 'cancelled'].includes(run.status)),
    ).toEqual([]);
    for (const [key, value] of most) {
      const limit = /^application/.test(key)
        ? 1
        : { team: 4, environment: 3 }[key.split(':')[0]];
      const allowed = limit ?? 1 + Number(key.slice(-1));
      expect([key, value <= allowed]).toEqual([key, true]);
    }
    expect(
      await knex('run_groups').whereNot('state', 'freed').select('run_id'),
    ).toEqual([]);
  });

  it('begin in the order of their priority, then of their age', async () => {
    const order: string[] = [];
    const tracing = testStepType('tracing', async ({ run }) => {
      order.push(run.id);
    });
    await startEngines({ stepTypes: [tracing] });
    const definition = testWorkflow([{ name: 'a', type: 'tracing' }]);
    const priorities = [0, -10, 20, 0, 100, -100, 20];
    for (const [i, priority] of priorities.entries()) {
      await engines[0].start({
        runId: `run-${i}`,
        definition,
        priority,
        concurrencyKey: 'one at a time',
      });
    }
    await startRuntimes();
    await Promise.all(
      priorities.map((_, i) => engines[0].waitForEnd(`run-${i}`)),
    );
    expect(order.map(id => Number(id.slice(4)))).toEqual([4, 2, 6, 0, 3, 1, 5]);
  });

  it('follow each other without waiting for a poll, whichever backend ends them', async () => {
    await startEngines({
      stepTypes: [testStepType('quick', async () => {})],
    });
    await startRuntimes();
    const definition = testWorkflow([{ name: 'a', type: 'quick' }]);
    const began = performance.now();
    const ids: string[] = [];
    for (let i = 0; i < 30; i++) {
      const engine = engines[i % engines.length];
      const run = await engine.start({ definition, concurrencyKey: 'lock' });
      ids.push(run.id);
    }
    await Promise.all(
      ids.map((id, i) => engines[i % engines.length].waitForEnd(id)),
    );
    // Each of them would wait a second for its turn by polling alone.
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('do not wait for the run they are nested in', async () => {
    const nesting = testStepType('nesting', async ({ run, step }) => {
      const child = await engines[0].start({
        definition: testWorkflow([{ name: 'a', type: 'quick' }], {
          concurrency: { group: 'shared', limit: 1 },
        }),
        parentRun: { id: run.id, step: step.name },
      });
      await engines[0].waitForEnd(child.id);
    });
    await startEngines({
      stepTypes: [nesting, testStepType('quick', async () => {})],
      concurrency: 1,
    });
    await startRuntimes();
    const definition = testWorkflow([{ name: 'n', type: 'nesting' }], {
      concurrency: { group: 'shared', limit: 1 },
    });
    const parents = await Promise.all(
      Array.from({ length: 3 }, () => engines[0].start({ definition })),
    );
    const ended = await Promise.all(
      parents.map(({ id }) => engines[0].waitForEnd(id)),
    );
    expect(ended.map(run => run.status)).toEqual(Array(3).fill('succeeded'));
  });

  it('do not wait for each other in a circle', async () => {
    const lock = (group: string) => ({ concurrency: { group, limit: 1 } });
    const both = new Set<string>();
    const nesting = testStepType('nesting', async ({ config, run, step }) => {
      both.add(run.id);
      while (both.size < 2) {
        await new Promise(resolve => setTimeout(resolve, 10));
      }
      const { wants } = config as { wants: string };
      const child = await engines[0].start({
        definition: testWorkflow([{ name: 'a', type: 'quick' }], lock(wants)),
        parentRun: { id: run.id, step: step.name },
      });
      const { status, failure } = await engines[0].waitForEnd(child.id);
      if (status !== 'succeeded') {
        throw new StepFailure(failure?.error.message ?? status, {
          code: failure?.error.code ?? 'UNKNOWN',
        });
      }
    });
    await startEngines({
      stepTypes: [nesting, testStepType('quick', async () => {})],
    });
    await startRuntimes();
    const parent = (holds: string, wants: string) =>
      engines[0].start({
        definition: testWorkflow(
          [{ name: 'n', type: 'nesting', config: { wants } }],
          lock(holds),
        ),
      });
    const parents = [await parent('A', 'B'), await parent('B', 'A')];
    const ended = await Promise.all(
      parents.map(({ id }) => engines[0].waitForEnd(id)),
    );
    expect(ended.map(run => run.status).sort()).toEqual([
      'failed',
      'succeeded',
    ]);
    const failed = ended.find(run => run.status === 'failed');
    expect(failed?.failure?.error).toMatchObject({
      code: 'WAIT_CYCLE',
      message: expect.stringMatching(
        /^Run \d+ would have waited forever for "[^"]*[AB]": run \d+ holds it, and cannot end before run \d+, which waits for "[^"]*[AB]"\./,
      ),
    });
    expect(
      await knex('run_groups').whereNot('state', 'freed').select('run_id'),
    ).toEqual([]);
  });
});
