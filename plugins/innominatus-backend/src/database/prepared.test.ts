import knexFactory, { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { isPostgres } from './dialect';
import { onSqlite, queryPostgres } from './prepared';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.each())('statements by hand on %s', databaseId => {
  const DOUBLE = { name: 'double', text: 'select $1::int * 2 as result' };

  /** One connection, so that every statement meets the same session. */
  async function connectOnce(): Promise<Knex> {
    const { client } = await databases.initEmpty(databaseId);
    return knexFactory({ ...client.config, pool: { min: 0, max: 1 } });
  }

  if (databaseId.startsWith('POSTGRES')) {
    it('are prepared once per connection', async () => {
      const knex = await connectOnce();
      expect(isPostgres(knex)).toBe(true);
      for (const value of [1, 2]) {
        expect(await queryPostgres(knex, DOUBLE, [value])).toEqual([
          { result: value * 2 },
        ]);
      }
      const { rows } = await knex.raw(
        'select name from pg_prepared_statements',
      );
      expect(rows).toEqual([{ name: 'double_0' }]);
      await knex.destroy();
    });

    it('are planned anew while the table that they read grows', async () => {
      const knex = await connectOnce();
      await knex.raw(
        'create table grown (id text primary key, about text not null)',
      );
      const find = {
        name: 'find',
        text: 'select about from grown where id = any(array(select json_array_elements_text($1::json)))',
      };
      const fill = (from: number, to: number) =>
        knex.raw(
          "insert into grown select 'id ' || i, repeat('x', 400) from generate_series(?::int, ?::int) i",
          [from, to],
        );
      for (let i = 0; i < 200; i += 1) {
        await fill(i * 20, i * 20 + 19);
        expect(await queryPostgres(knex, find, ['["id 1"]'])).toHaveLength(1);
      }
      const { rows } = await knex.raw(
        'select name from pg_prepared_statements order by name desc limit 1',
      );
      const explained = await knex.raw(
        `explain execute ${rows[0].name}('["id 1"]')`,
      );
      const plan = JSON.stringify(explained.rows);
      expect(plan).toContain('grown_pkey');
      expect(plan).not.toContain('Seq Scan');
      await knex.destroy();
    });

    it('go on without preparing when the session was taken away', async () => {
      const knex = await connectOnce();
      await queryPostgres(knex, DOUBLE, [1]);
      // As a pooler does that hands out another session for each transaction.
      await knex.raw('deallocate all');
      expect(await queryPostgres(knex, DOUBLE, [2])).toEqual([{ result: 4 }]);
      const { rows } = await knex.raw(
        'select name from pg_prepared_statements',
      );
      expect(rows).toEqual([]);
      await knex.destroy();
    });

    it('fail a transaction once when its session was taken away, and then work', async () => {
      const knex = await connectOnce();
      await queryPostgres(knex, DOUBLE, [1]);
      await knex.raw('deallocate all');
      const twice = () =>
        knex.transaction(trx => queryPostgres(trx, DOUBLE, [2]));
      await expect(twice()).rejects.toMatchObject({ code: '26000' });
      expect(await twice()).toEqual([{ result: 4 }]);
      await knex.destroy();
    });
  } else {
    it('are one transaction', async () => {
      const knex = await databases.initEmpty(databaseId);
      await knex.schema.createTable('things', table => {
        table.integer('id').primary();
      });
      const insert = 'insert into things (id) values (?)';
      await expect(
        onSqlite(knex, query => {
          query(insert, [1]);
          query(insert, [1]);
        }),
      ).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
      expect(await knex('things')).toEqual([]);

      await onSqlite(knex, query => query(insert, [2]));
      expect(await knex('things')).toEqual([{ id: 2 }]);
    });

    it('belong to the transaction that is open', async () => {
      const knex = await databases.initEmpty(databaseId);
      await knex.schema.createTable('things', table => {
        table.integer('id').primary();
      });
      await expect(
        knex.transaction(async trx => {
          await onSqlite(trx, query =>
            query('insert into things (id) values (?)', [1]),
          );
          throw new Error('Called off');
        }),
      ).rejects.toThrow('Called off');
      expect(await knex('things')).toEqual([]);
    });
  }
});
