import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestEngine, TestEngine } from '../__testUtils__/TestEngine';
import { testWorkflow } from '../__testUtils__/workflows';
import { admitRuns } from '../engine';
import { StartRunOptions } from './types';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('the queue of runs on %s', databaseId => {
  let knex: Knex;
  let engine: TestEngine;

  async function useEngine(
    options: Parameters<typeof createTestEngine>[0] = { knex },
  ) {
    engine = await createTestEngine(options);
  }

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    await useEngine();
  });

  /** Nobody works on runs here; they only stand in line. */
  async function start(
    options: Partial<StartRunOptions> & {
      concurrency?: { group: string; limit: number };
    } = {},
  ) {
    const { concurrency, ...rest } = options;
    const run = await engine.start({
      definition: {
        ...testWorkflow([{ name: 'a', type: 'simulate' }]),
        concurrency,
      },
      ...rest,
    });
    await admitRuns(knex);
    return run;
  }

  const waitingOf = async (id: string) => (await engine.runs.get(id)).waiting;

  it('tells the place of a run that waits for a worker', async () => {
    const first = await start();
    const second = await start();
    const urgent = await start({ priority: 10 });
    expect(await waitingOf(first.id)).toEqual({
      kind: 'worker',
      message: 'Waits for a free worker; 2nd in the queue.',
      position: 2,
    });
    expect((await waitingOf(urgent.id))?.position).toBe(1);
    expect((await waitingOf(second.id))?.position).toBe(3);
  });

  it('tells who holds a lock, and the place in its queue, to lists as well', async () => {
    const runs = [];
    for (let i = 0; i < 13; i++) {
      runs.push(await start({ concurrencyKey: 'application:dev/orders' }));
    }
    expect(await waitingOf(runs[1].id)).toEqual({
      kind: 'lock',
      message: `Waits for run ${runs[0].number}, which holds the lock of the application dev/orders; next in the queue.`,
      heldBy: runs[0].id,
      position: 1,
    });
    const page = await engine.store.list({
      limit: 20,
      filter: {},
      sort: 'createdAt',
    });
    expect(page.items.map(run => run.waiting?.position)).toEqual([
      1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ]);
    expect(page.items[3].waiting?.message).toContain('3rd in the queue');
    expect(page.items[12].waiting?.message).toContain('12th in the queue');
  });

  it('asks the same number of questions for a list of any length', async () => {
    const ask = async (): Promise<number> => {
      let questions = 0;
      const count = () => {
        questions += 1;
      };
      knex.on('query', count);
      await engine.store.list({ limit: 50, filter: {}, sort: 'createdAt' });
      knex.off('query', count);
      return questions;
    };
    for (let i = 0; i < 2; i++) {
      await start({ concurrency: { group: `g${i}`, limit: 1 } });
      await start({ concurrency: { group: `g${i}`, limit: 1 } });
    }
    const few = await ask();
    for (let i = 0; i < 20; i++) {
      await start({ concurrency: { group: `g${i}`, limit: 1 } });
    }
    expect(await ask()).toBe(few);
  });

  it('names a limit, what is in progress, and the group with its references filled', async () => {
    const concurrency = {
      group: 'env/${environment.name}/${params.x}',
      limit: 2,
    };
    const at = (name: string) => ({
      concurrency,
      parameters: { x: 7 },
      environment: { name, type: 'production' },
    });
    const first = await start(at('production'));
    await start(at('production'));
    const third = await start(at('production'));
    const other = await start(at('staging'));
    expect(await waitingOf(third.id)).toEqual({
      kind: 'limit',
      message: `Waits because 2 of 2 runs of the group "env/production/7" are in progress, the oldest is run ${first.number}; next in the queue.`,
      heldBy: first.id,
      position: 1,
    });
    expect((await waitingOf(other.id))?.kind).toBe('worker');
  });

  it('refuses a run whose group has a gap in its name', async () => {
    const refused = (group: string) =>
      start({ concurrency: { group, limit: 1 }, parameters: { x: 7 } });
    await expect(refused('env/${environment.name}')).rejects.toMatchObject({
      status: 422,
      code: 'REFERENCE_UNRESOLVED',
      message:
        'The workflow "test" was not started: "${environment.name}" in "concurrency.group" has no value for this run. There are none.',
    });
    await expect(refused('${params.y}')).rejects.toMatchObject({
      code: 'REFERENCE_UNRESOLVED',
      message: expect.stringContaining('Names that exist: x.'),
    });
    expect(
      await engine.store.list({ limit: 5, filter: {}, sort: 'createdAt' }),
    ).toMatchObject({ items: [] });
  });

  it('refuses a run with a step whose timeout is none', async () => {
    const workflow = testWorkflow([
      { name: 'a', type: 'simulate', settings: { timeout: '${params.wait}' } },
    ]);
    const begin = (parameters: Record<string, string>) =>
      engine.start({ definition: workflow, parameters });
    await expect(begin({ wait: 'soon' })).rejects.toMatchObject({
      status: 422,
      code: 'REFERENCE_UNRESOLVED',
      message:
        'The workflow "test" was not started: "timeout" of step "a" has no value that can be used. "${params.wait}": "soon" is not a duration such as "90s", "30m" or "1h30m".',
    });
    await expect(begin({ wait: '9s' })).resolves.toMatchObject({
      status: 'queued',
    });
  });

  it('shows the title of a step that is still to come as it will be', async () => {
    const { id } = await engine.start({
      definition: testWorkflow([
        { name: 'a', type: 'simulate', title: 'Deploy ${params.version}' },
      ]),
      parameters: { version: '1.4' },
    });
    const { steps } = await engine.runs.get(id);
    expect(steps.map(step => step.title)).toEqual(['Deploy 1.4']);
  });

  it('gives a nested run the locks that the runs above it hold', async () => {
    const concurrency = { group: 'shared', limit: 1 };
    const parent = await start({ concurrency });
    const child = await start({
      concurrency,
      parentRun: { id: parent.id, step: 'a' },
    });
    const grandchild = await start({
      concurrency,
      concurrencyKey: 'own lock',
      parentRun: { id: child.id, step: 'a' },
    });
    const stranger = await start({ concurrency });
    for (const { id } of [child, grandchild]) {
      expect((await waitingOf(id))?.kind).toBe('worker');
    }
    expect(await waitingOf(stranger.id)).toMatchObject({
      kind: 'lock',
      heldBy: parent.id,
    });
  });

  it('counts runs for the owner of their application, and for their environment', async () => {
    await useEngine({
      knex,
      limits: { runsPerTeam: 2, runsPerEnvironment: 3 },
    });
    const application = (name: string, owner: string) => ({
      application: {
        environment: 'production',
        environmentType: 'production',
        name,
        owner: `group:default/${owner}`,
      },
    });
    await start(application('one', 'a'));
    await start(application('two', 'a'));
    const overTeam = await start(application('three', 'a'));
    await start(application('four', 'b'));
    const overEnvironment = await start(application('five', 'b'));
    expect(await waitingOf(overTeam.id)).toMatchObject({
      kind: 'limit',
      message: expect.stringContaining(
        '2 of 2 runs of the team group:default/a are in progress',
      ),
    });
    expect((await waitingOf(overEnvironment.id))?.message).toContain(
      '3 of 3 runs of the environment "production" are in progress',
    );
    // Nested runs work for a run that counts already.
    const [{ id: parent }] = (
      await engine.store.list({ limit: 1, filter: {}, sort: 'createdAt' })
    ).items;
    const nested = await start({
      ...application('one', 'a'),
      parentRun: { id: parent, step: 'a' },
    });
    expect((await waitingOf(nested.id))?.kind).toBe('worker');
  });

  it('takes on no more runs of a team than may wait', async () => {
    await useEngine({ knex, limits: { queuedRuns: 2 } });
    await start({ runId: 'r1' });
    await start();
    await expect(start()).rejects.toMatchObject({
      status: 429,
      code: 'LIMIT_REACHED',
      message: expect.stringContaining('"innominatus.limits.queuedRuns"'),
    });
    // What was taken on is answered, and others are not affected.
    await expect(start({ runId: 'r1' })).resolves.toMatchObject({ id: 'r1' });
    await start({ initiator: 'user:default/joe' });
    await start({ parentRun: { id: 'r1', step: 'a' } });
    await engine.runs.cancel({ id: 'r1', by: 'user:default/jane' });
    await start();
  });

  it('lets a nested run inherit the priority', async () => {
    const parent = await start({ priority: 30 });
    const child = await start({ parentRun: { id: parent.id, step: 'a' } });
    expect([parent.priority, child.priority]).toEqual([30, 30]);
  });

  it('lets a point of priority be worth a minute of waiting', async () => {
    const waited = await start({ priority: -5 });
    await knex('workflow_runs')
      .where({ id: waited.id })
      .decrement('queue_order', 6 * 60_000);
    const fresh = await start();
    expect((await waitingOf(waited.id))?.position).toBe(1);
    expect((await waitingOf(fresh.id))?.position).toBe(2);
  });
});
