import { Run, RunStep } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { DatabaseResourceStore } from '../resources/DatabaseResourceStore';
import { DurationHistory } from './DurationHistory';

const databases = createTestDatabases();

const step = (
  type: string,
  seconds: number,
  rest: Partial<RunStep> = {},
): Partial<RunStep> => ({
  type,
  status: 'succeeded',
  startedAt: new Date(0).toISOString(),
  endedAt: new Date(seconds * 1000).toISOString(),
  ...rest,
});

function runsWith(steps: Array<Partial<RunStep>>) {
  return {
    list: jest.fn(async () => ({ items: [{ id: 'a' }] as Run[] })),
    get: jest.fn(async () => ({ steps }) as Run),
  };
}

describe.each(databases.each())('durations of the past on %s', id => {
  let knex: Knex;

  beforeEach(async () => {
    knex = await databases.init(id);
  });

  async function provision(name: string, seconds: number): Promise<void> {
    const store = DatabaseResourceStore.create(knex);
    const { id: resourceId } = await store.request({
      environment: 'development',
      environmentType: 'development',
      uid: `postgres.default#${name}`,
      name,
      type: 'postgres',
      class: 'default',
      sharedId: name,
      workload: 'orders',
      provider: { name: 'simulator', version: '1.0.0' },
      management: 'native',
      params: {},
      dependsOn: [],
    });
    for (const to of ['provisioning', 'active'] as const) {
      await store.transition({
        id: resourceId,
        to,
        reason: 'test',
        by: 'test',
      });
    }
    await knex('resource_transitions')
      .where({ resource_id: resourceId, to_state: 'provisioning' })
      .update({ at: 1000 });
    await knex('resource_transitions')
      .where({ resource_id: resourceId, to_state: 'active' })
      .update({ at: 1000 + seconds * 1000 });
  }

  it('are medians by type of what succeeded', async () => {
    await provision('a', 10);
    await provision('b', 12);
    await provision('c', 300);
    const history = await DurationHistory.create({
      knex,
      runs: runsWith([
        step('kubernetes', 3),
        step('kubernetes', 5.04),
        step('kubernetes', 90, { status: 'failed' }),
        step('validation', 9, { carried: true }),
        step('policy', 9, { endedAt: undefined }),
      ]),
    }).read();
    expect(history).toEqual({
      steps: { kubernetes: { seconds: 3, samples: 2 } },
      resources: { postgres: { seconds: 12, samples: 3 } },
    });
  });

  it('are read again only after a while, and after a failure', async () => {
    let now = 0;
    const runs = runsWith([]);
    const history = DurationHistory.create({ knex, runs, now: () => now });
    runs.list.mockRejectedValueOnce(new Error('down'));
    await expect(history.read()).rejects.toThrow('down');
    await history.read();
    now = 59_000;
    await history.read();
    expect(runs.list).toHaveBeenCalledTimes(2);
    now = 61_000;
    await history.read();
    expect(runs.list).toHaveBeenCalledTimes(3);
  });
});
