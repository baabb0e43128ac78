import { InputError } from '@backstage/errors';
import { Knex } from 'knex';

/** Where a page ended: the sort it belongs to and the values of its last row. */
export interface KeysetCursor {
  sort: string;
  values: Array<string | number>;
}

/** Makes the opaque text that goes into `nextCursor`. */
export function encodeCursor(cursor: KeysetCursor): string {
  return Buffer.from(JSON.stringify([cursor.sort, ...cursor.values])).toString(
    'base64url',
  );
}

/**
 * Reads a cursor back. Throws `InputError` when it is not one of ours, or was
 * made for another sort.
 */
export function decodeCursor(
  text: string,
  options: { sort: string; length: number },
): KeysetCursor {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    parsed = undefined;
  }
  if (
    !Array.isArray(parsed) ||
    parsed.length !== options.length + 1 ||
    !parsed.every(part => typeof part === 'string' || typeof part === 'number')
  ) {
    throw new InputError(
      'The parameter "cursor" was not made by this list. Take "nextCursor" of the page before, or leave it out.',
    );
  }
  const [sort, ...values] = parsed;
  if (sort !== options.sort) {
    throw new InputError(
      `The parameter "cursor" was made for the sort "${sort}", not for "${options.sort}". Start again without it.`,
    );
  }
  return { sort, values };
}

export interface KeysetColumn {
  column: string;
  descending: boolean;
}

/**
 * Orders a query by the columns and leaves out everything up to the cursor.
 * The last column has to be unique.
 */
export function applyKeyset(
  query: Knex.QueryBuilder,
  options: { columns: KeysetColumn[]; cursor?: KeysetCursor },
): void {
  const { columns, cursor } = options;
  if (cursor) {
    // (a, b) after (x, y)  =  a after x  or  (a = x  and  b after y)
    query.andWhere(outer => {
      columns.forEach((last, i) => {
        outer.orWhere(inner => {
          columns.slice(0, i).forEach((equal, j) => {
            inner.andWhere(equal.column, '=', cursor.values[j]);
          });
          inner.andWhere(
            last.column,
            last.descending ? '<' : '>',
            cursor.values[i],
          );
        });
      });
    });
  }
  for (const { column, descending } of columns) {
    query.orderBy(column, descending ? 'desc' : 'asc');
  }
}
