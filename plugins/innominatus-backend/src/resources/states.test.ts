import { ResourceState } from '@innominatus/backstage-plugin-innominatus-common';
import fc from 'fast-check';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { DatabaseResourceStore } from './DatabaseResourceStore';

jest.setTimeout(120_000);

const databases = createTestDatabases();

/** The life of a resource, written down a second time. */
const LIFE = `
  requested    > provisioning failed
  provisioning > active failed
  active       > updating degraded terminating failed
  updating     > active failed
  degraded     > active terminating failed
  terminating  > terminated failed
  terminated   >
  failed       > provisioning terminating
`;

const NEXT = new Map(
  LIFE.trim()
    .split('\n')
    .map(line => {
      const [from, to] = line.split('>').map(part => part.trim());
      return [from, to.split(' ').filter(Boolean)] as const;
    }),
);
const STATES = [...NEXT.keys()] as ResourceState[];

describe.each(databases.each())('the life of a resource on %s', id => {
  let knex: Knex;
  let store: DatabaseResourceStore;
  let count = 0;

  beforeAll(async () => {
    knex = await databases.init(id);
    store = DatabaseResourceStore.create(knex);
  });

  const requested = () =>
    store.request({
      environment: 'development',
      environmentType: 'development',
      uid: `postgres.default#orders.db${(count += 1)}`,
      name: 'db',
      type: 'postgres',
      class: 'default',
      workload: 'orders',
      provider: { name: 'simulator', version: '1.0.0' },
      management: 'native',
      params: {},
      dependsOn: [],
    });

  const wish = fc.constantFrom(...STATES);

  it('follows the states in whatever order events come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { maxLength: 12 }), async wishes => {
        const { id: resourceId } = await requested();
        let state: string = 'requested';
        let changes = 0;
        for (const to of wishes) {
          const result = await store
            .transition({ id: resourceId, to, reason: to, by: 'user:a/b' })
            .then(record => record.state)
            .catch(error => error.name);
          const isAllowed = NEXT.get(state)!.includes(to);
          expect(result).toBe(isAllowed ? to : 'ConflictError');
          state = isAllowed ? to : state;
          changes += isAllowed ? 1 : 0;
        }
        expect((await store.get(resourceId))!.state).toBe(state);
        expect(await store.transitions(resourceId)).toHaveLength(changes);
      }),
      { numRuns: 40 },
    );
  });

  it('is one unbroken chain with reason and actor however many write at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(wish, { maxLength: 6 }), {
          minLength: 2,
          maxLength: 4,
        }),
        async writers => {
          const { id: resourceId } = await requested();
          const refusals = new Set<string>();
          await Promise.all(
            writers.map(async (wishes, index) => {
              for (const to of wishes) {
                await store
                  .transition({
                    id: resourceId,
                    to,
                    reason: `wish of ${index}`,
                    by: `user:default/${index}`,
                  })
                  .catch(error => refusals.add(error.name));
              }
            }),
          );
          refusals.delete('ConflictError');
          expect([...refusals]).toEqual([]);
          let state: string = 'requested';
          for (const change of await store.transitions(resourceId)) {
            expect(change.from).toBe(state);
            expect(NEXT.get(state)).toContain(change.to);
            expect(change.reason).toBe(`wish of ${change.by.slice(-1)}`);
            state = change.to;
          }
          expect((await store.get(resourceId))!.state).toBe(state);
        },
      ),
      { numRuns: 20 },
    );
  });
});
