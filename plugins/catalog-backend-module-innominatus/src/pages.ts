import { Page } from '@innominatus/backstage-plugin-innominatus-common';

/** Follows the cursor of a list to its end. */
export async function readAllPages<T>(
  readPage: (cursor?: string) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}
