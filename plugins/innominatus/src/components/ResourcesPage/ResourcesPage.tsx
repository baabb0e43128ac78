import { useApi } from '@backstage/frontend-plugin-api';
import { Button, Container } from '@backstage/ui';
import { innominatusApiRef } from '../../api';
import { ListFilters, useListFilters, useQuery } from '../../hooks';
import { statusOfResource } from '../../lib/resourceState';
import { isMoving } from '../../lib/status';
import { useText } from '../../translation';
import { EmptyState, ErrorState, ListSkeleton } from '../shared';
import { FILTERS, ResourceFilter, ResourcesFilters } from './ResourcesFilters';
import styles from './ResourcesPage.module.css';
import { ResourcesTable } from './ResourcesTable';

const POLL_MS = 5_000;
const PAGE_SIZE = 25;

/** All resources a person may see, the last changed first. */
export function ResourcesPage() {
  const api = useApi(innominatusApiRef);
  const t = useText();
  const control = useListFilters(FILTERS);
  const { filters, cursor, goTo } = control;
  const query = useQuery({
    key: JSON.stringify({ filters, cursor }),
    load: signal =>
      api.listResources({ ...filters, cursor, limit: PAGE_SIZE, signal }),
    pollMs: page =>
      page.items.some(({ state }) => isMoving(statusOfResource(state)))
        ? POLL_MS
        : undefined,
  });
  const page = query.data;
  return (
    <main>
      <Container pb="6">
        <div className={styles.root}>
          <ResourcesFilters control={control} />
          {query.status === 'error' && (
            <ErrorState error={query.error} onRetry={query.reload} />
          )}
          {query.status === 'loading' && <ListSkeleton rows={8} />}
          {page?.items.length === 0 && <NoResources control={control} />}
          {page && page.items.length > 0 && (
            <ResourcesTable resources={page.items} />
          )}
          {page && (cursor || page.nextCursor) && (
            <div className={styles.paging}>
              {cursor && (
                <Button variant="secondary" onPress={() => goTo(undefined)}>
                  {t('resources.previous')}
                </Button>
              )}
              {page.nextCursor && (
                <Button
                  variant="secondary"
                  onPress={() => goTo(page.nextCursor)}
                >
                  {t('resources.next')}
                </Button>
              )}
            </div>
          )}
        </div>
      </Container>
    </main>
  );
}

function NoResources(props: { control: ListFilters<ResourceFilter> }) {
  const { filtered, clear } = props.control;
  const t = useText();
  return filtered ? (
    <EmptyState title={t('resources.emptyFilteredTitle')}>
      <Button variant="secondary" onPress={clear}>
        {t('resources.filters.clear')}
      </Button>
    </EmptyState>
  ) : (
    <EmptyState
      title={t('resources.emptyTitle')}
      text={t('resources.emptyText')}
    />
  );
}
