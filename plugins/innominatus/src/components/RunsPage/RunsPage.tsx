import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonLink, Container } from '@backstage/ui';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { isMoving } from '../../lib/status';
import { goldenPathsRouteRef } from '../../routes';
import { useText } from '../../translation';
import { EmptyState, ErrorState, ListSkeleton } from '../shared';
import { RunsFilters } from './RunsFilters';
import styles from './RunsPage.module.css';
import { RunsTable } from './RunsTable';
import { RunFiltersControl, useRunFilters } from './useRunFilters';

const POLL_MS = 5_000;
const PAGE_SIZE = 25;

/** All runs a person may see, newest first. */
export function RunsPage() {
  const api = useApi(innominatusApiRef);
  const t = useText();
  const control = useRunFilters();
  const { filters, cursor, goTo } = control;
  const query = useQuery({
    key: JSON.stringify({ filters, cursor }),
    load: signal =>
      api.listRuns({ ...filters, cursor, limit: PAGE_SIZE, signal }),
    pollMs: page =>
      page.items.some(run => isMoving(run.status)) ? POLL_MS : undefined,
  });
  const page = query.data;
  return (
    <main>
      <Container pb="6">
        <div className={styles.root}>
          <RunsFilters control={control} />
          {query.status === 'error' && (
            <ErrorState error={query.error} onRetry={query.reload} />
          )}
          {query.status === 'loading' && <ListSkeleton rows={8} />}
          {page?.items.length === 0 && <NoRuns control={control} />}
          {page && page.items.length > 0 && <RunsTable runs={page.items} />}
          {page && (cursor || page.nextCursor) && (
            <div className={styles.paging}>
              {cursor && (
                <Button variant="secondary" onPress={() => goTo(undefined)}>
                  {t('runs.previous')}
                </Button>
              )}
              {page.nextCursor && (
                <Button
                  variant="secondary"
                  onPress={() => goTo(page.nextCursor)}
                >
                  {t('runs.next')}
                </Button>
              )}
            </div>
          )}
        </div>
      </Container>
    </main>
  );
}

function NoRuns(props: { control: RunFiltersControl }) {
  const { filtered, clear } = props.control;
  const t = useText();
  const goldenPaths = useRouteRef(goldenPathsRouteRef);
  if (filtered) {
    return (
      <EmptyState title={t('runs.emptyFilteredTitle')}>
        <Button variant="secondary" onPress={clear}>
          {t('runs.filters.clear')}
        </Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState title={t('runs.emptyTitle')} text={t('runs.emptyText')}>
      {goldenPaths && (
        <ButtonLink variant="secondary" href={goldenPaths()}>
          {t('runs.goldenPathsLink')}
        </ButtonLink>
      )}
    </EmptyState>
  );
}
