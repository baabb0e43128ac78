import { InputError } from '@backstage/errors';
import { Page } from '@innominatus/backstage-plugin-innominatus-common';
import { decodeCursor, encodeCursor } from '../database';

/**
 * A page of a list that is in memory, sorted by name. The cursor is the name
 * the page before ended with.
 */
export function listPage<T>(
  items: T[],
  options: {
    limit: number;
    cursor?: string;
    count: boolean;
    sort: string;
    nameOf: (item: T) => string;
  },
): Page<T> {
  const { limit, sort, nameOf } = options;
  let start = 0;
  if (options.cursor) {
    const { values } = decodeCursor(options.cursor, { sort, length: 1 });
    start = items.findIndex(item => nameOf(item) === values[0]) + 1;
    if (start === 0) {
      throw new InputError(
        'The list changed since the page before. Start again without "cursor".',
      );
    }
  }
  const page = items.slice(start, start + limit);
  const last = page[page.length - 1];
  return {
    items: page,
    nextCursor:
      start + limit < items.length
        ? encodeCursor({ sort, values: [nameOf(last)] })
        : undefined,
    total: options.count ? items.length : undefined,
  };
}
