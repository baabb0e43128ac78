import { Knex } from 'knex';
import { testStepType } from '../__testUtils__/stepTypes';
import {
  createTestEngine,
  eventually,
  TestEngine,
} from '../__testUtils__/TestEngine';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { testWorkflow } from '../__testUtils__/workflows';
import { EmbeddedRuntime } from './EmbeddedRuntime';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('places for new runs on %s', databaseId => {
  let knex: Knex;
  let engine: TestEngine;
  let release: () => void;
  let hasBegun: string[];

  const reserve = (options = { nested: false }) =>
    (engine.runtime as EmbeddedRuntime).reserve(options);

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    hasBegun = [];
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    engine = await createTestEngine({
      knex,
      concurrency: 2,
      stepTypes: [
        testStepType('hold', async ({ run }) => {
          hasBegun.push(run.id);
          await released;
        }),
      ],
    });
    await engine.runtime.start();
    // The first look finds out that nobody waits.
    await eventually(() => {
      const place = reserve();
      place?.release();
      return place !== undefined;
    });
  });

  afterEach(async () => {
    release();
    await engine.runtime.stop();
  });

  const definition = testWorkflow([{ name: 'a', type: 'hold' }]);

  it('let a run begin where it is started, with its lease from the first moment on', async () => {
    const run = await engine.start({ definition });
    expect(run).toMatchObject({ status: 'running', number: 1 });
    expect(run.startedAt).toBeDefined();
    const row = await knex('workflow_runs').first();
    expect(row).toMatchObject({ fencing_token: 1 });
    expect(row.lease_owner).toContain(String(process.pid));
    expect(Number(row.lease_expires_at)).toBeGreaterThan(
      Number(row.created_at),
    );
    release();
    expect((await engine.waitForEnd(run.id)).status).toBe('succeeded');
  });

  it('are not taken beyond the concurrency; the next run queues and begins in its turn', async () => {
    const first = await engine.start({ definition });
    const second = await engine.start({ definition });
    const third = await engine.start({ definition });
    expect([first, second, third].map(run => run.status)).toEqual([
      'running',
      'running',
      'queued',
    ]);
    await eventually(() => hasBegun.length === 2);
    release();
    expect((await engine.waitForEnd(third.id)).status).toBe('succeeded');
  });

  it('are not given to a run while others wait for one', async () => {
    await engine.start({ definition });
    await engine.start({ definition });
    const waiting = await engine.start({ definition });
    expect(reserve()).toBeUndefined();
    release();
    await engine.waitForEnd(waiting.id);
    expect(hasBegun[2]).toBe(waiting.id);
  });

  it('go back when no run came of it', async () => {
    const places = [1, 2].map(() => reserve());
    expect(reserve()).toBeUndefined();
    for (const place of places) {
      place?.release();
      place?.release();
    }
    const run = await engine.start({ definition });
    release();
    expect((await engine.waitForEnd(run.id)).status).toBe('succeeded');
  });

  it('are free for nested runs at any time, whose parents wait for them', async () => {
    await engine.start({ definition });
    await engine.start({ definition });
    expect(reserve({ nested: true })).toBeDefined();
  });

  it('are not given any more once the runtime stops', async () => {
    const stopping = engine.runtime.stop();
    expect(reserve({ nested: true })).toBeUndefined();
    await stopping;
  });

  it('answer the run that exists when its id comes again', async () => {
    const runId = '00000000-0000-8000-8000-000000000042';
    const first = await engine.start({ runId, definition });
    const again = await engine.start({ runId, definition });
    expect(again.id).toBe(first.id);
    expect(again.number).toBe(first.number);
    await eventually(() => hasBegun.length > 0);
    release();
    await engine.waitForEnd(runId);
    expect(hasBegun).toEqual([runId]);
  });
});
