import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

/** Filters and place of a list. */
export interface ListFilters<TName extends string> {
  filters: Record<TName, string[]>;
  filtered: boolean;
  cursor?: string;
  setFilter: (name: TName, values: string[]) => void;
  clear: () => void;
  goTo: (cursor: string | undefined) => void;
}

/**
 * Filters of a list by name; the URL holds them all.
 *
 * @param names - Has to be the same array in every call.
 */
export function useListFilters<TName extends string>(
  names: readonly TName[],
): ListFilters<TName> {
  const [search, setSearch] = useSearchParams();
  const filters = useMemo(
    () =>
      Object.fromEntries(
        names.map(name => [
          name,
          (search.get(name) ?? '').split(',').filter(Boolean),
        ]),
      ) as Record<TName, string[]>,
    [names, search],
  );
  const change = useCallback(
    (edit: (next: URLSearchParams) => void) =>
      setSearch(current => {
        const next = new URLSearchParams(current);
        // Another filter is another list; the old place means nothing in it.
        next.delete('cursor');
        edit(next);
        return next;
      }),
    [setSearch],
  );
  return {
    filters,
    filtered: names.some(name => filters[name].length > 0),
    cursor: search.get('cursor') ?? undefined,
    setFilter: useCallback(
      (name, values) =>
        change(next =>
          values.length > 0
            ? next.set(name, values.join(','))
            : next.delete(name),
        ),
      [change],
    ),
    clear: useCallback(() => setSearch({}), [setSearch]),
    goTo: useCallback(
      cursor => change(next => cursor && next.set('cursor', cursor)),
      [change],
    ),
  };
}
