import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { DatabaseSecretStore } from './DatabaseSecretStore';
import { SecretRotation } from './SecretRotation';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const OLD = {
  id: 'old',
  secret: 'the key of last year, long enough to be one',
};
const NEW = {
  id: 'new',
  secret: 'the key of this year, long enough to be one',
};

function createStore(
  knex: Knex,
  keys: Array<{ id: string; secret: string }>,
  production: boolean = true,
) {
  const logger = mockServices.logger.mock();
  const store = DatabaseSecretStore.fromConfig({
    knex,
    logger,
    production,
    config: mockServices.rootConfig({
      data: { innominatus: { encryption: { keys } } },
    }),
  });
  return { store, logger };
}

describe.each(databases.each())('secrets on %s', databaseId => {
  let knex: Knex;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
  });

  it('are stored encrypted and come back', async () => {
    const { store } = createStore(knex, [NEW]);
    const reference = await store.put('resource/1/password', 'hünter2');
    expect(reference).toEqual({ $secretRef: 'resource/1/password' });
    expect(await store.get(reference)).toBe('hünter2');
    const row = await knex('secrets').first();
    expect(JSON.stringify(row)).not.toContain('hünter2');
    expect(Buffer.from(row.ciphertext, 'base64').toString()).not.toContain(
      'hünter2',
    );
  });

  it('are replaced at the same address', async () => {
    const { store } = createStore(knex, [NEW]);
    await store.put('a', 'one');
    expect(await store.get(await store.put('a', 'two'))).toBe('two');
  });

  it('stay readable when a new key is put in front', async () => {
    const before = createStore(knex, [OLD]).store;
    const reference = await before.put('a', 'one');
    const after = createStore(knex, [NEW, OLD]).store;
    expect(await after.get(reference)).toBe('one');
    await after.put('a', 'two');
    expect(await createStore(knex, [NEW]).store.get(reference)).toBe('two');
  });

  it('cannot be read without their key or with a changed one', async () => {
    const reference = await createStore(knex, [OLD]).store.put('a', 'one');
    await expect(createStore(knex, [NEW]).store.get(reference)).rejects.toThrow(
      'was encrypted with the key "old"',
    );
    const changed = createStore(knex, [{ id: 'old', secret: NEW.secret }]);
    await expect(changed.store.get(reference)).rejects.toThrow(
      'cannot be decrypted',
    );
  });

  it('cannot be read under another address', async () => {
    const { store } = createStore(knex, [NEW]);
    await store.put('a', 'one');
    const { ciphertext } = await knex('secrets').first();
    await store.put('b', 'two');
    await knex('secrets').where({ address: 'b' }).update({ ciphertext });
    await expect(store.get({ $secretRef: 'b' })).rejects.toThrow(
      'cannot be decrypted',
    );
  });

  it('are deleted by the beginning of their address, taken literally', async () => {
    const { store } = createStore(knex, [NEW]);
    for (const address of ['run/1/a', 'run/1/b', 'run/10/a', 'run_1/a']) {
      await store.put(address, 'x');
    }
    await store.deleteByPrefix('run/1/');
    await store.deleteByPrefix('run_1');
    expect(await knex('secrets').select('address')).toEqual([
      { address: 'run/10/a' },
    ]);
    await expect(store.get({ $secretRef: 'run/1/a' })).rejects.toThrow(
      'There is no secret "run/1/a"',
    );
  });

  it('are refused in production without a key, naming the setting', async () => {
    const { store } = createStore(knex, []);
    await expect(store.put('a', 'one')).rejects.toThrow(
      '"innominatus.encryption.keys" is empty',
    );
  });

  it('use a temporary key in development, with a warning', async () => {
    const { store, logger } = createStore(knex, [], false);
    expect(await store.get(await store.put('a', 'one'))).toBe('one');
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('innominatus.encryption.keys'),
    );
  });

  it.each([
    [[NEW, NEW], 'is used twice'],
    [[{ id: 'a', secret: 'short' }], 'at least 32 are needed'],
  ])('refuse keys that are not safe', (keys, message) => {
    expect(() => createStore(knex, keys)).toThrow(message);
  });

  it('are encrypted anew with the current key, and counted', async () => {
    const before = createStore(knex, [OLD]).store;
    for (let i = 0; i < 250; i += 1) {
      await before.put(`a/${i}`, `value ${i}`);
    }
    const { store, logger } = createStore(knex, [NEW, OLD]);
    await store.put('new', 'stays');
    const rotation = SecretRotation.create({ store, logger });
    // Interrupted after the first batch, and carried on by another process.
    const stopped = AbortSignal.abort();
    expect(await rotation.runOnce(stopped)).toEqual({
      rotated: 100,
      unreadable: 0,
    });
    expect(await rotation.runOnce()).toEqual({ rotated: 150, unreadable: 0 });
    expect(logger.info).toHaveBeenCalledWith(
      'Encrypted 150 secrets with the current key',
    );
    expect(await rotation.runOnce()).toEqual({ rotated: 0, unreadable: 0 });
    const after = createStore(knex, [NEW]).store;
    expect(await after.get({ $secretRef: 'a/249' })).toBe('value 249');
    expect(await after.get({ $secretRef: 'new' })).toBe('stays');
    expect(await knex('secrets').distinct('key_id')).toEqual([
      { key_id: 'new' },
    ]);
  });

  it('whose key is gone are reported and do not hold up the others', async () => {
    await createStore(knex, [{ ...OLD, id: 'lost' }]).store.put('a', 'one');
    await createStore(knex, [OLD]).store.put('b', 'two');
    const { store, logger } = createStore(knex, [NEW, OLD]);
    const rotation = SecretRotation.create({ store, logger });
    expect(await rotation.runOnce()).toEqual({ rotated: 1, unreadable: 1 });
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('1 secrets cannot be encrypted'),
    );
    expect(await store.get({ $secretRef: 'b' })).toBe('two');
  });

  it('that are replaced during the rotation keep the new value', async () => {
    await createStore(knex, [OLD]).store.put('a', 'one');
    const { store } = createStore(knex, [NEW, OLD]);
    await Promise.all([
      store.rotate({ limit: 10 }),
      store.put('a', 'two'),
      store.rotate({ limit: 10 }),
    ]);
    expect(await store.get({ $secretRef: 'a' })).toBe('two');
  });
});
