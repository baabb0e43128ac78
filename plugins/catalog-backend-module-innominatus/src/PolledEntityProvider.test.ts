import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { EntityProviderMutation } from '@backstage/plugin-catalog-node';
import { DefaultEventsService } from '@backstage/plugin-events-node';
import { INNOMINATUS_EVENTS_TOPIC } from '@innominatus/backstage-plugin-innominatus-node';
import { PolledEntityProvider } from './PolledEntityProvider';

function entity(name: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: { name },
    spec: { type: 't', owner: 'o' },
  };
}

function setUp(load: () => Promise<Entity[]>) {
  const logger = mockServices.logger.mock();
  const events = DefaultEventsService.create({ logger });
  const mutations: EntityProviderMutation[] = [];
  let schedule: (() => Promise<void>) | undefined;
  const provider = PolledEntityProvider.create({
    name: 'things',
    load,
    events,
    logger,
    runner: {
      run: async ({ fn }) => {
        schedule = async () => fn(new AbortController().signal);
      },
    },
  });
  return {
    logger,
    events,
    mutations,
    runSchedule: async () => schedule?.(),
    connect: () =>
      provider.connect({
        applyMutation: async mutation => {
          mutations.push(mutation);
        },
        refresh: async () => {},
      }),
  };
}

describe('PolledEntityProvider', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('replaces its entities when the schedule runs', async () => {
    const { connect, runSchedule, mutations } = setUp(async () => [
      entity('a'),
    ]);
    await connect();
    await runSchedule();
    expect(mutations).toMatchObject([
      {
        type: 'full',
        entities: [
          {
            locationKey: 'things',
            entity: {
              metadata: {
                name: 'a',
                annotations: {
                  'backstage.io/managed-by-location':
                    'url:innominatus://things',
                },
              },
            },
          },
        ],
      },
    ]);
  });

  it('keeps its entities and warns when they cannot be loaded', async () => {
    const { connect, runSchedule, mutations, logger } = setUp(async () => {
      throw new Error('backend is starting');
    });
    await connect();
    await runSchedule();
    expect(mutations).toEqual([]);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('"things"'),
      { error: 'backend is starting' },
    );
  });

  it('refreshes once for several events, and writes nothing when nothing changed', async () => {
    jest.useFakeTimers();
    const load = jest.fn(async () => [entity('a')]);
    const { connect, runSchedule, mutations, events } = setUp(load);
    await connect();
    await runSchedule();
    for (let i = 0; i < 3; i += 1) {
      await events.publish({
        topic: INNOMINATUS_EVENTS_TOPIC,
        eventPayload: { type: 'definitions.changed' },
      });
    }
    await jest.advanceTimersByTimeAsync(2_000);
    expect(load).toHaveBeenCalledTimes(2);
    expect(mutations).toHaveLength(1);
  });
});
