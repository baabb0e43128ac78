import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { DefinitionRegistry, RefreshOptions } from '../definitions';
import { RefreshRequests } from './RefreshRequests';

jest.setTimeout(60_000);

const databases = createTestDatabases();

function createReplica(knex: Knex) {
  const read: RefreshOptions[] = [];
  const registry = {
    refresh: async (options: RefreshOptions) => {
      read.push(options);
    },
  } as unknown as DefinitionRegistry;
  const logger = mockServices.logger.mock();
  return { read, requests: RefreshRequests.create({ knex, registry, logger }) };
}

describe.each(databases.each())('requests to read again on %s', id => {
  it('reach every replica once', async () => {
    const knex = await databases.init(id);
    const [one, other, third] = [1, 2, 3].map(() => createReplica(knex));
    await Promise.all([one, other].map(({ requests }) => requests.look()));
    await one.requests.request({ addresses: ['https://git.example/a'] });
    await other.requests.look();
    await other.requests.look();
    await one.requests.look();
    expect(one.read).toEqual([{ addresses: ['https://git.example/a'] }]);
    expect(other.read).toEqual([{ addresses: ['https://git.example/a'] }]);
    await one.requests.request({});
    await one.requests.request({ addresses: ['https://git.example/b'] });
    await other.requests.look();
    expect(other.read.slice(1)).toEqual([{ addresses: undefined }]);
    // It began afterwards and has read everything anyway.
    await third.requests.look();
    expect(third.read.length).toBeLessThanOrEqual(1);
  });

  it('are not forgotten when there are many at the same time', async () => {
    const knex = await databases.init(id);
    const [one, other] = [createReplica(knex), createReplica(knex)];
    await other.requests.look();
    for (let i = 0; i < 150; i++) {
      await one.requests.request({ addresses: [`https://git.example/${i}`] });
    }
    await other.requests.look();
    await one.requests.request({ addresses: ['https://git.example/last'] });
    await other.requests.look();
    const seen = other.read.map(({ addresses }) => addresses?.at(-1) ?? 'all');
    expect(['all', 'https://git.example/last']).toContain(seen.at(-1));
    expect(other.read.length).toBeGreaterThan(1);
    await other.requests.look();
    expect(other.read).toHaveLength(seen.length);
  });

  it('count once for the same signed content', async () => {
    const knex = await databases.init(id);
    const [one, other] = [createReplica(knex), createReplica(knex)];
    const answers = await Promise.all([
      one.requests.request({ digest: 'same' }),
      other.requests.request({ digest: 'same' }),
      one.requests.request({ digest: 'same' }),
    ]);
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(one.read.length + other.read.length).toBe(1);
    await expect(one.requests.request({ digest: 'next' })).resolves.toBe(true);
  });
});
