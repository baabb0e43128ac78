import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

export const APPROVAL_VIEWS = ['mine', 'all'] as const;
export type ApprovalsView = (typeof APPROVAL_VIEWS)[number];

/** Which list is shown, and from where; both are in the URL. */
export function useApprovalsView() {
  const [search, setSearch] = useSearchParams();
  const show = useCallback(
    (view: ApprovalsView) => setSearch(view === 'mine' ? {} : { view }),
    [setSearch],
  );
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
  const view: ApprovalsView = search.get('view') === 'all' ? 'all' : 'mine';
  return { view, cursor: search.get('cursor') ?? undefined, show, goTo };
}
