import { readDefinitions } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestEngine, TestEngine } from '../__testUtils__/TestEngine';
import { RunLimits } from '../runs/runGroups';
import { DatabaseScheduleStore } from './DatabaseScheduleStore';
import { ScheduleService, ScheduleServiceOptions } from './ScheduleService';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A path that runs every hour. */
const hourly = (schedule = '', name = 'clean-up') => `---
apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata: { name: ${name}, title: Clean up, owner: group:default/team-a }
spec:
  schedule: { cron: '0 * * * *', parameters: { what: all }${schedule} }
  parameters: { what: { type: string }, size: { type: int, default: 3 } }
  steps: [{ name: a, type: simulate, config: { duration: 1ms } }]
`;

describe.each(databases.each())('schedules on %s', databaseId => {
  let knex: Knex;
  let engine: TestEngine;
  let store: DatabaseScheduleStore;
  let now: number;
  let files: string;
  let isUnreadable: boolean;
  let service: ScheduleService;

  function createService(): ScheduleService {
    const registry: ScheduleServiceOptions['registry'] = {
      goldenPaths: () =>
        isUnreadable ? [] : readDefinitions(files).definitions.goldenPaths,
      workflows: () =>
        isUnreadable ? [] : readDefinitions(files).definitions.workflows,
      problems: () =>
        isUnreadable
          ? [
              {
                diagnostics: [
                  {
                    severity: 'error',
                    code: 'LOCATION_UNREADABLE',
                    message: 'gone',
                    pointer: '',
                    line: 1,
                    column: 1,
                    suggestions: [],
                  },
                ],
              },
            ]
          : [],
    };
    return ScheduleService.create({
      store,
      registry,
      runs: engine.runs,
      runStore: engine.store,
      clock: { now: () => now, sync: async () => {} },
      logger: engine.logger,
    });
  }

  async function setUp(limits?: RunLimits) {
    engine = await createTestEngine({ knex, limits });
    service = createService();
  }

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    store = DatabaseScheduleStore.create(knex);
    now = Date.parse('2027-05-01T10:01:00Z');
    files = hourly();
    isUnreadable = false;
    await setUp();
    await service.look();
  });

  const state = async (name = 'clean-up') => store.get(name);
  const runs = async () =>
    (await engine.store.list({ limit: 50, filter: {}, sort: 'createdAt' }))
      .items;
  const endRuns = () =>
    knex('workflow_runs').update({ ended_at: 1, status: 'succeeded' });

  it('start a run at their time, as the schedule and for the owner of the path', async () => {
    expect(await state()).toMatchObject({
      nextAt: Date.parse('2027-05-01T11:00:00Z'),
    });
    now += 58 * MINUTE;
    await service.look();
    expect(await runs()).toEqual([]);
    now += MINUTE;
    await service.look();
    const [run] = await runs();
    expect(run).toMatchObject({
      goldenPath: 'clean-up',
      title: 'Clean up',
      initiator: 'schedule:clean-up',
    });
    expect((await engine.runs.get(run.id)).parameters).toEqual({
      what: 'all',
      size: 3,
    });
    expect((await engine.store.identify(run.id))?.subject).toMatchObject({
      owner: 'group:default/team-a',
      goldenPath: 'clean-up',
      initiator: 'schedule:clean-up',
    });
    expect(await state()).toEqual({
      name: 'clean-up',
      nextAt: Date.parse('2027-05-01T12:00:00Z'),
      last: { at: Date.parse('2027-05-01T11:00:00Z'), outcome: 'started' },
      lastRunId: run.id,
    });
  });

  it('start one run, however many replicas look at the same time', async () => {
    const replicas = Array.from({ length: 4 }, createService);
    for (let hour = 0; hour < 5; hour++) {
      now += HOUR;
      await Promise.all(replicas.map(replica => replica.look()));
      await endRuns();
    }
    expect(await runs()).toHaveLength(5);
  });

  it('start the run of a replica that died after it had decided', async () => {
    now += HOUR;
    const at = Date.parse('2027-05-01T11:00:00Z');
    const decision = {
      name: 'clean-up',
      expectedAt: at,
      nextAt: at + HOUR,
      at,
      outcome: 'started',
    } as const;
    expect(await store.decide(decision)).toBe(true);
    expect(await store.decide(decision)).toBe(false);
    expect(await runs()).toEqual([]);
    await service.look();
    await service.look();
    const [run, ...others] = await runs();
    expect(others).toEqual([]);
    expect(await state()).toMatchObject({
      pendingAt: undefined,
      lastRunId: run.id,
    });
  });

  it('leave a time out while the run before is in progress', async () => {
    now += HOUR;
    await service.look();
    now += HOUR;
    await service.look();
    const [run, ...others] = await runs();
    expect(others).toEqual([]);
    expect((await state())?.last).toEqual({
      at: Date.parse('2027-05-01T12:00:00Z'),
      outcome: 'skipped',
      message: `Run ${run.number} was still in progress.`,
    });
    await endRuns();
    now += HOUR;
    await service.look();
    expect(await runs()).toHaveLength(2);
  });

  it('queue a run behind the one before where they are told to', async () => {
    files = hourly(', concurrencyPolicy: queue');
    await service.look();
    for (let i = 0; i < 2; i++) {
      now += HOUR;
      await service.look();
    }
    await engine.runtime.start();
    const ids = (await runs()).map(({ id }) => id);
    const [first, second] = await Promise.all(ids.map(engine.waitForEnd));
    await engine.runtime.stop();
    expect(Date.parse(second.startedAt!)).toBeGreaterThanOrEqual(
      Date.parse(first.endedAt!),
    );
  });

  it('run once after a downtime when it is not too late, and count as missed when it is', async () => {
    now += 5 * HOUR + 4 * MINUTE;
    await service.look();
    expect(await runs()).toHaveLength(1);
    expect((await state())?.last).toEqual({
      at: Date.parse('2027-05-01T15:00:00Z'),
      outcome: 'started',
    });
    await endRuns();
    now += 3 * HOUR + 10 * MINUTE;
    await service.look();
    expect(await runs()).toHaveLength(1);
    expect(await state()).toMatchObject({
      nextAt: Date.parse('2027-05-01T19:00:00Z'),
      last: {
        at: Date.parse('2027-05-01T18:00:00Z'),
        outcome: 'missed',
        message: expect.stringContaining('2027-05-01T18:10:00.000Z'),
      },
    });
  });

  it('follow their definition when it changes, goes away and comes back', async () => {
    files = hourly().replace("'0 * * * *'", "'45 * * * *'");
    await service.look();
    expect((await state())?.nextAt).toBe(Date.parse('2027-05-01T10:45:00Z'));
    files = hourly(', enabled: false');
    await service.look();
    expect((await state())?.nextAt).toBeUndefined();
    files = hourly();
    await service.pause({ name: 'clean-up', by: 'user:default/jane' });
    files = hourly('', 'another');
    now += 2 * HOUR;
    await service.look();
    expect(await runs()).toEqual([]);
    expect((await state('another'))?.nextAt).toBe(
      Date.parse('2027-05-01T13:00:00Z'),
    );
    files = `${hourly()}${hourly('', 'another')}`;
    await service.look();
    expect(await state()).toMatchObject({
      nextAt: undefined,
      paused: { by: 'user:default/jane' },
    });
  });

  it('stay when their location cannot be read for a while', async () => {
    isUnreadable = true;
    await service.look();
    expect((await state())?.nextAt).toBe(Date.parse('2027-05-01T11:00:00Z'));
  });

  it('start nothing while they are paused, and go on with the next time', async () => {
    await service.pause({ name: 'clean-up', by: 'user:default/jane' });
    now += 3 * HOUR;
    await service.look();
    await service.resume({ name: 'clean-up', by: 'user:default/jane' });
    await service.look();
    expect(await runs()).toEqual([]);
    expect(await state()).toMatchObject({
      paused: undefined,
      nextAt: Date.parse('2027-05-01T14:00:00Z'),
    });
  });

  it('start a run when somebody asks, beside their times', async () => {
    const before = (await state())?.nextAt;
    const trigger = () =>
      service.trigger({
        name: 'clean-up',
        by: 'user:default/jane',
        id: 'asked-for',
      });
    const run = await trigger();
    expect((await trigger()).id).toBe(run.id);
    expect(run.initiator).toBe('user:default/jane');
    expect(await state()).toMatchObject({ nextAt: before, lastRunId: run.id });
    // It is the run before as well.
    now += HOUR;
    await service.look();
    expect((await state())?.last?.outcome).toBe('skipped');
  });

  it('record why no run could be started, and go on', async () => {
    files = `${hourly()}${hourly('', 'another')}`;
    await setUp({ queuedRuns: 1 });
    await service.look();
    now += HOUR;
    await service.look();
    expect(await runs()).toHaveLength(1);
    expect((await state())?.last).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('innominatus.limits.queuedRuns'),
    });
    expect((await state('another'))?.last?.outcome).toBe('started');
  });

  it('do not start a workflow that would fail at a parameter it does not get', async () => {
    files = `---
apiVersion: innominatus.dev/v1
kind: Workflow
metadata: { name: clean-up }
spec:
  schedule: { cron: '0 * * * *' }
  steps: [{ name: a, type: simulate, config: { messages: ['\${params.what}'] } }]
`;
    await service.look();
    now += HOUR;
    await service.look();
    expect(await runs()).toEqual([]);
    expect((await state())?.last).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('"${params.what}" in step "a"'),
    });
  });

  it('are looked after by a loop that ends', async () => {
    now = Date.parse('2027-05-01T10:59:59.900Z');
    const tick = setInterval(() => {
      now += 50;
    }, 50);
    service.start();
    try {
      const end = Date.now() + 10_000;
      while ((await runs()).length === 0 && Date.now() < end) {
        await new Promise(resolve => setTimeout(resolve, 50));
      }
      expect(await runs()).toHaveLength(1);
    } finally {
      clearInterval(tick);
      await service.stop();
    }
  });

  it('know nothing of what has no schedule', () => {
    expect(() => service.definition('nothing')).toThrow(
      'There is no schedule "nothing"',
    );
  });
});
