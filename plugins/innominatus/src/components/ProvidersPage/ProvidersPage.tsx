import {
  toastApiRef,
  useApi,
  useRouteRef,
} from '@backstage/frontend-plugin-api';
import { Button, ButtonLink, Container, SearchField } from '@backstage/ui';
import { ProviderSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { impactRouteRef } from '../../routes';
import { useText } from '../../translation';
import { EmptyState, ErrorState, ListSkeleton } from '../shared';
import { ProviderCard } from './ProviderCard';
import styles from './ProvidersPage.module.css';

const LIMIT = 200;
const TOAST_MS = 5000;

/** Who provides which resource types; broken bundles with what is wrong. */
export function ProvidersPage() {
  const api = useApi(innominatusApiRef);
  const t = useText();
  const impactLink = useRouteRef(impactRouteRef);
  const [search, setSearch] = useSearchParams();
  const text = search.get('search') ?? '';
  const query = useQuery({
    key: 'providers',
    load: signal =>
      collectPages(cursor =>
        api.listProviders({ limit: LIMIT, cursor, signal }),
      ),
  });
  const shown = query.data?.filter(provider => matches(provider, text));
  return (
    <main>
      <Container pb="6">
        <div className={styles.root}>
          <div className={styles.bar}>
            <SearchField
              className={styles.search}
              aria-label={t('providers.search')}
              placeholder={t('providers.search')}
              value={text}
              onChange={value =>
                setSearch(value ? { search: value } : {}, { replace: true })
              }
            />
            <div className={styles.actions}>
              {impactLink && (
                <ButtonLink
                  variant="secondary"
                  href={impactLink({ subject: 'providers' })}
                >
                  {t('impact.open')}
                </ButtonLink>
              )}
              <RefreshButton onDone={query.reload} />
            </div>
          </div>
          {query.status === 'error' && (
            <ErrorState error={query.error} onRetry={query.reload} />
          )}
          {query.status === 'loading' && <ListSkeleton rows={3} height={160} />}
          {query.data?.length === 0 && (
            <EmptyState
              title={t('providers.emptyTitle')}
              text={t('providers.emptyText')}
            />
          )}
          {query.data && query.data.length > 0 && shown?.length === 0 && (
            <EmptyState title={t('providers.noMatch', { text })} />
          )}
          {shown?.map(provider => (
            <ProviderCard key={provider.name} provider={provider} />
          ))}
        </div>
      </Container>
    </main>
  );
}

function RefreshButton(props: { onDone: () => void }) {
  const api = useApi(innominatusApiRef);
  const toastApi = useApi(toastApiRef);
  const t = useText();
  const [busy, setBusy] = useState(false);
  const refresh = async () => {
    setBusy(true);
    try {
      const { providers } = await api.refreshProviders();
      toastApi.post({
        status: 'success',
        timeout: TOAST_MS,
        title: t('providers.refreshDone', { count: providers }),
      });
      props.onDone();
    } catch (error) {
      toastApi.post({
        status: 'danger',
        title: t('providers.refreshFailed'),
        description: (error as Error).message,
      });
    }
    setBusy(false);
  };
  return (
    <Button variant="secondary" isPending={busy} onPress={refresh}>
      {t('providers.refresh')}
    </Button>
  );
}

function matches(provider: ProviderSummary, text: string): boolean {
  const needle = text.trim().toLowerCase();
  return [
    provider.name,
    provider.title ?? '',
    provider.description ?? '',
    ...provider.resourceTypes.flatMap(({ type, aliases }) => [
      type,
      ...aliases,
    ]),
  ].some(value => value.toLowerCase().includes(needle));
}
