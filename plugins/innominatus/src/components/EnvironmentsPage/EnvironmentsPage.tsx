import { useApi } from '@backstage/frontend-plugin-api';
import { Container } from '@backstage/ui';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { inOrder } from '../../lib/environments';
import { useText } from '../../translation';
import { EmptyState, ErrorState, ListSkeleton } from '../shared';
import { EnvironmentCard } from './EnvironmentCard';
import styles from './EnvironmentsPage.module.css';
import { NewEnvironment } from './NewEnvironment';

const LIMIT = 200;
/** Short-lived environments come and go. */
const POLL_MS = 30_000;
/** While one is being removed. */
const REMOVAL_POLL_MS = 3_000;

/** All environments in the order of the platform team, with their rules. */
export function EnvironmentsPage() {
  const api = useApi(innominatusApiRef);
  const t = useText();
  const [created, setCreated] = useState<string>();
  const query = useQuery({
    key: 'environments',
    load: async signal =>
      inOrder(
        await collectPages(cursor =>
          api.listEnvironments({ limit: LIMIT, cursor, signal }),
        ),
      ),
    pollMs: environments =>
      environments.some(({ state }) => state === 'removing')
        ? REMOVAL_POLL_MS
        : POLL_MS,
  });
  return (
    <main>
      <Container pb="6">
        <div className={styles.root}>
          {query.status === 'error' && (
            <ErrorState error={query.error} onRetry={query.reload} />
          )}
          {query.status === 'loading' && <ListSkeleton rows={3} height={160} />}
          {query.data && query.data.length > 0 && (
            <div className={styles.toolbar}>
              <NewEnvironment
                environments={query.data}
                onCreated={({ name }) => {
                  setCreated(name);
                  query.reload();
                }}
              />
            </div>
          )}
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
                  isNew={environment.name === created}
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
