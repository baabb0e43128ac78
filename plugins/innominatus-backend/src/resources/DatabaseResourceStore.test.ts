import { ResourceState } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { DatabaseResourceStore } from './DatabaseResourceStore';
import { RequestResourceOptions } from './types';

const databases = createTestDatabases();

const LEGAL: Array<[ResourceState, ResourceState]> = [
  ['requested', 'provisioning'],
  ['requested', 'failed'],
  ['provisioning', 'active'],
  ['provisioning', 'failed'],
  ['active', 'updating'],
  ['active', 'degraded'],
  ['active', 'terminating'],
  ['active', 'failed'],
  ['updating', 'active'],
  ['updating', 'failed'],
  ['degraded', 'active'],
  ['degraded', 'terminating'],
  ['degraded', 'failed'],
  ['terminating', 'terminated'],
  ['terminating', 'failed'],
  ['failed', 'provisioning'],
  ['failed', 'terminating'],
];

const STATES = [...new Set(LEGAL.flat())];

const request: RequestResourceOptions = {
  environment: 'development',
  environmentType: 'development',
  uid: 'postgres.default#main',
  name: 'db',
  type: 'postgres',
  class: 'default',
  sharedId: 'main',
  workload: 'orders',
  provider: { name: 'simulator', version: '1.0.0' },
  management: 'native',
  params: {},
  dependsOn: [],
};

describe.each(databases.each())('DatabaseResourceStore on %s', id => {
  let knex: Knex;
  let store: DatabaseResourceStore;

  beforeEach(async () => {
    knex = await databases.init(id);
    store = DatabaseResourceStore.create(knex);
  });

  it('allows the transitions of the life of a resource and no others', async () => {
    const { id: resourceId } = await store.request(request);
    const allowed: string[] = [];
    for (const from of STATES) {
      for (const to of STATES) {
        await knex('resources')
          .where({ id: resourceId })
          .update({ state: from });
        const after = await store
          .transition({ id: resourceId, to, reason: 'test', by: 'jane' })
          .catch(error => error.name);
        const noted = await store.transitions(resourceId);
        const { state } = (await store.get(resourceId))!;
        allowed.push(
          ...noted.map(
            item => `${item.from} ${item.to} ${state} ${after.state}`,
          ),
        );
        await knex('resource_transitions').delete();
      }
    }
    expect(allowed.sort()).toEqual(
      LEGAL.map(([from, to]) => `${from} ${to} ${to} ${to}`).sort(),
    );
  });

  it('refuses a transition that does not exist in the database itself', async () => {
    const { id: resourceId } = await store.request(request);
    await expect(
      knex('resource_transitions').insert({
        id: 'x',
        resource_id: resourceId,
        from_state: 'terminated',
        to_state: 'active',
        reason: '',
        by: '',
        at: 0,
      }),
    ).rejects.toThrow(/check/i);
  });

  it('lets one of two writers change the state', async () => {
    const { id: resourceId } = await store.request(request);
    const transition = (by: string) =>
      store.transition({ id: resourceId, to: 'provisioning', reason: '', by });
    const results = await Promise.allSettled([
      transition('a'),
      transition('b'),
    ]);
    expect(results.map(result => result.status).sort()).toEqual([
      'fulfilled',
      'rejected',
    ]);
    await expect(store.transitions(resourceId)).resolves.toHaveLength(1);
  });

  it('shares one resource between workloads and makes a new one after it is gone', async () => {
    const first = await store.request(request);
    const second = await store.request({
      ...request,
      workload: 'billing',
      name: 'ledger',
    });
    expect(second.id).toBe(first.id);
    await expect(store.usersOf(first.id)).resolves.toEqual([
      'billing',
      'orders',
    ]);
    const used = await store.listUsedBy({
      environment: 'development',
      workload: 'billing',
    });
    expect(used.map(record => record.name)).toEqual(['ledger']);
    await store.removeUser({ id: first.id, workload: 'billing' });
    expect((await store.get(first.id))?.workload).toBe('orders');
    await expect(store.usersOf(first.id)).resolves.toEqual(['orders']);
    for (const to of ['failed', 'terminating', 'terminated'] as const) {
      await store.transition({ id: first.id, to, reason: '', by: '' });
    }
    const third = await store.request(request);
    expect(third.id).not.toBe(first.id);
    expect(third.state).toBe('requested');
  });

  it('lists page by page without what is terminated', async () => {
    for (let index = 0; index < 5; index += 1) {
      await store.request({ ...request, uid: `u${index}`, name: `r${index}` });
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({
        limit: 2,
        cursor,
        filter: { type: ['postgres'] },
        sort: 'createdAt',
        count: true,
        restrict: () => {},
      });
      expect(page.total).toBe(5);
      seen.push(...page.items.map(record => record.name));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen.sort()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
  });
});
