import { useApi } from '@backstage/frontend-plugin-api';
import { Container } from '@backstage/ui';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { inOrder } from '../../lib/environments';
import { useText } from '../../translation';
import { EmptyState, ErrorState, ListSkeleton } from '../shared';
import { EnvironmentCard } from './EnvironmentCard';
import styles from './EnvironmentsPage.module.css';

const LIMIT = 200;
/** Short-lived environments come and go. */
const POLL_MS = 30_000;

/** All environments in the order of the platform team, with their rules. */
export function EnvironmentsPage() {
  const api = useApi(innominatusApiRef);
  const t = useText();
  const query = useQuery({
    key: 'environments',
    load: async signal =>
      inOrder(
        await collectPages(cursor =>
          api.listEnvironments({ limit: LIMIT, cursor, signal }),
        ),
      ),
    pollMs: () => POLL_MS,
  });
  return (
    <main>
      <Container pb="6">
        <div className={styles.root}>
          {query.status === 'error' && (
            <ErrorState error={query.error} onRetry={query.reload} />
          )}
          {query.status === 'loading' && <ListSkeleton rows={3} height={160} />}
          {query.data?.length === 0 && (
            <EmptyState
              title={t('environments.emptyTitle')}
              text={t('environments.emptyText')}
            />
          )}
          <ul className={styles.cards}>
            {query.data?.map(environment => (
              <li key={environment.name}>
                <EnvironmentCard
                  environment={environment}
                  onChange={query.reload}
                />
              </li>
            ))}
          </ul>
        </div>
      </Container>
    </main>
  );
}
