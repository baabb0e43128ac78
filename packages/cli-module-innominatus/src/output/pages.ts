import type { Page } from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { FlagDefinition } from '../framework/command';
import { ListView } from './Output';

const DEFAULT_LIMIT = 50;
const LONGEST_PAGE = 200;

/** Option of every list. */
export const limitFlag = {
  type: 'integer',
  value: 'N',
  description: `Show at most so many (default ${DEFAULT_LIMIT})`,
} as const satisfies FlagDefinition;

/** Reads as many pages as it takes and prints them as one list. */
export async function showPages<T>(
  context: CommandContext,
  options: {
    limit: number | undefined;
    read: (page: { limit: number; cursor?: string }) => Promise<Page<T>>;
    view: ListView<T> & { wide?: boolean };
    /** Said when there is nothing, with what a person could do. */
    empty: string;
  },
): Promise<void> {
  const wanted = options.limit ?? DEFAULT_LIMIT;
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await options.read({
      limit: Math.max(1, Math.min(LONGEST_PAGE, wanted - items.length)),
      cursor,
    });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined && items.length < wanted);
  await context.out.list({ items, nextCursor: cursor }, options.view);
  if (items.length === 0) {
    context.talk.say(options.empty);
  } else if (cursor !== undefined) {
    context.talk.next(`There are more; show them with --limit ${wanted * 2}.`);
  }
}
