import { createTestDatabases } from '../__testUtils__/testDatabases';
import { applyKeyset, decodeCursor, encodeCursor } from './cursor';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe('cursors', () => {
  it('come back as they were', () => {
    const cursor = { sort: '-name', values: ['b', 3] };
    expect(
      decodeCursor(encodeCursor(cursor), { sort: '-name', length: 2 }),
    ).toEqual(cursor);
  });

  it.each(['', 'nonsense', encodeCursor({ sort: 'name', values: [] })])(
    'that were not made here are refused: %p',
    text => {
      expect(() => decodeCursor(text, { sort: 'name', length: 1 })).toThrow(
        'was not made by this list',
      );
    },
  );

  it('of another sort are refused', () => {
    const text = encodeCursor({ sort: 'name', values: [1] });
    expect(() => decodeCursor(text, { sort: '-name', length: 1 })).toThrow(
      'was made for the sort "name"',
    );
  });
});

describe.each(databases.each())('keyset pages on %s', databaseId => {
  it('show every row once, in order, whatever the directions', async () => {
    const knex = await databases.initEmpty(databaseId);
    await knex.schema.createTable('things', table => {
      table.integer('id').primary();
      table.integer('size');
    });
    const sizes = [2, 1, 2, 3, 1, 2];
    await knex('things').insert(sizes.map((size, id) => ({ id, size })));
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const query = knex('things').limit(2);
      applyKeyset(query, {
        columns: [
          { column: 'size', descending: true },
          { column: 'id', descending: false },
        ],
        cursor: cursor
          ? decodeCursor(cursor, { sort: 's', length: 2 })
          : undefined,
      });
      const rows: Array<{ id: number; size: number }> = await query;
      seen.push(...rows.map(row => row.id));
      const last = rows.at(-1);
      cursor =
        last && encodeCursor({ sort: 's', values: [last.size, last.id] });
    } while (cursor);
    expect(seen).toEqual([3, 0, 2, 5, 1, 4]);
  });
});
