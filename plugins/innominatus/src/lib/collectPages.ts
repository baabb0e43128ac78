import { Page } from '@innominatus/backstage-plugin-innominatus-common';

/** More would not be read by a person, and would be many calls. */
const MAX_PAGES = 10;

/** Reads a list that is known to be short to its end. */
export async function collectPages<T>(
  loadPage: (cursor?: string) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await loadPage(cursor);
    items.push(...answer.items);
    cursor = answer.nextCursor;
    if (!cursor) {
      break;
    }
  }
  return items;
}
