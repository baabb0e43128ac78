import { RunStatus } from '@innominatus/backstage-plugin-innominatus-common';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

const STATUSES = Object.values(RunStatus);

export interface RunFilters {
  status: RunStatus[];
  environment: string[];
  goldenPath: string[];
}

export type FilterName = keyof RunFilters;

export interface RunFiltersControl {
  filters: RunFilters;
  filtered: boolean;
  cursor?: string;
  setFilter: (name: FilterName, values: string[]) => void;
  clear: () => void;
  goTo: (cursor: string | undefined) => void;
}

/** Filters and place of the list of runs; the URL holds them all. */
export function useRunFilters(): RunFiltersControl {
  const [search, setSearch] = useSearchParams();
  const filters = useMemo<RunFilters>(
    () => ({
      status: valuesOf(search, 'status').filter((value): value is RunStatus =>
        STATUSES.some(status => status === value),
      ),
      environment: valuesOf(search, 'environment'),
      goldenPath: valuesOf(search, 'goldenPath'),
    }),
    [search],
  );

  const setFilter = useCallback(
    (name: FilterName, values: string[]) =>
      setSearch(current => {
        const next = new URLSearchParams(current);
        // Another filter is another list; the old place means nothing in it.
        next.delete('cursor');
        if (values.length > 0) {
          next.set(name, values.join(','));
        } else {
          next.delete(name);
        }
        return next;
      }),
    [setSearch],
  );
  const clear = useCallback(() => setSearch({}), [setSearch]);
  const goTo = useCallback(
    (cursor: string | undefined) =>
      setSearch(current => {
        const next = new URLSearchParams(current);
        if (cursor) {
          next.set('cursor', cursor);
        } else {
          next.delete('cursor');
        }
        return next;
      }),
    [setSearch],
  );

  return {
    filters,
    filtered: Object.values(filters).some(values => values.length > 0),
    cursor: search.get('cursor') ?? undefined,
    setFilter,
    clear,
    goTo,
  };
}

function valuesOf(search: URLSearchParams, name: string): string[] {
  return (search.get(name) ?? '').split(',').filter(Boolean);
}
