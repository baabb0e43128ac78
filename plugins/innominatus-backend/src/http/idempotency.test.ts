import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { IdempotentAnswer, IdempotentRequests } from './idempotency';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('idempotent requests on %s', databaseId => {
  let knex: Knex;
  let requests: IdempotentRequests;
  let started: Array<string | undefined>;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    requests = IdempotentRequests.create(knex);
    started = [];
  });

  const request = {
    key: 'k1',
    principal: 'user:default/jane',
    route: 'POST /golden-paths/deploy/runs',
    body: { a: 1 },
  };

  const work = async ({ id }: { id?: string }): Promise<IdempotentAnswer> => {
    started.push(id);
    return {
      status: 202,
      headers: { location: '/x' },
      body: { n: started.length },
    };
  };

  it('answer the same when they come again', async () => {
    const first = await requests.handle(request, work);
    expect(await requests.handle(request, work)).toEqual(first);
    expect(started).toHaveLength(1);
  });

  it('are told apart by caller, route and key', async () => {
    await requests.handle(request, work);
    await requests.handle({ ...request, principal: 'user:default/joe' }, work);
    await requests.handle({ ...request, route: 'POST /other' }, work);
    await requests.handle({ ...request, key: 'k2' }, work);
    await requests.handle({ ...request, key: undefined }, work);
    await requests.handle({ ...request, key: undefined }, work);
    expect(started).toHaveLength(6);
    expect(started.slice(-2)).toEqual([undefined, undefined]);
  });

  it('are refused with another body', async () => {
    await requests.handle(request, work);
    await expect(
      requests.handle({ ...request, body: { a: 2 } }, work),
    ).rejects.toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('are refused while the first one is in progress', async () => {
    let finish: () => void = () => {};
    const first = requests.handle(request, async () => {
      await new Promise<void>(resolve => {
        finish = resolve;
      });
      return { status: 202, body: {} };
    });
    while ((await knex('idempotency_keys')).length === 0) {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    await expect(requests.handle(request, work)).rejects.toMatchObject({
      status: 409,
      code: 'IDEMPOTENCY_IN_PROGRESS',
    });
    finish();
    await first;
  });

  it('may be sent again after an error', async () => {
    await expect(
      requests.handle(request, async () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect((await requests.handle(request, work)).status).toBe(202);
  });

  it('get the same id when the first process died before it could answer', async () => {
    await requests.handle(request, work);
    await knex('idempotency_keys').update({ status: null, created_at: 1 });
    await IdempotentRequests.create(knex).handle(request, work);
    expect(started).toHaveLength(2);
    expect(started[0]).toBe(started[1]);
  });

  it('refuse a key that is not one', async () => {
    await expect(
      requests.handle({ ...request, key: 'with space' }, work),
    ).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_INVALID' });
  });
});
