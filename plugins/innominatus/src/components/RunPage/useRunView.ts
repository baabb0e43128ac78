import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

export const VIEWS = ['graph', 'timeline', 'table'] as const;
export type View = (typeof VIEWS)[number];

export const TABS = ['logs', 'inputs', 'outputs', 'attempts'] as const;
export type DetailsTab = (typeof TABS)[number];

/** What of a run is shown; all of it is in the URL. */
export interface RunView {
  view: View;
  tab: DetailsTab;
  step?: string;
  attempt?: number;
}

export interface RunViewControl extends RunView {
  show: (change: Partial<RunView>) => void;
  /** A link to the same page with a change. */
  linkTo: (change: Partial<RunView>) => string;
}

const NAMES = ['view', 'tab', 'step', 'attempt'] as const;

export function useRunView(): RunViewControl {
  const [search, setSearch] = useSearchParams();
  const current = useMemo(() => readView(search), [search]);

  const changed = useCallback(
    (change: Partial<RunView>) => {
      const next = new URLSearchParams(search);
      const asked: Partial<RunView> =
        // An attempt belongs to the step it was chosen with.
        'step' in change ? { attempt: undefined, ...change } : change;
      for (const name of NAMES) {
        if (!(name in asked)) {
          continue;
        }
        const value = asked[name];
        if (value === undefined) {
          next.delete(name);
        } else {
          next.set(name, String(value));
        }
      }
      return next;
    },
    [search],
  );

  return {
    ...current,
    show: useCallback(
      change => setSearch(changed(change), { preventScrollReset: true }),
      [changed, setSearch],
    ),
    linkTo: useCallback(change => `?${changed(change)}`, [changed]),
  };
}

function readView(search: URLSearchParams): RunView {
  const attempt = Number(search.get('attempt'));
  return {
    view: oneOf(VIEWS, search.get('view')),
    tab: oneOf(TABS, search.get('tab')),
    step: search.get('step') ?? undefined,
    attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : undefined,
  };
}

function oneOf<T extends string>(
  allowed: readonly T[],
  value: string | null,
): T {
  return allowed.find(candidate => candidate === value) ?? allowed[0];
}
