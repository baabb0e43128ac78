import { useApi } from '@backstage/frontend-plugin-api';
import { Container, SearchField } from '@backstage/ui';
import {
  POLICY_TIERS,
  PolicyDefinition,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useSearchParams } from 'react-router-dom';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { useText } from '../../translation';
import { EmptyState, ErrorState, FilterSelect, ListSkeleton } from '../shared';
import { BrokenPolicies } from './BrokenPolicies';
import styles from './PoliciesPage.module.css';
import { PolicyCard } from './PolicyCard';

const LIMIT = 200;

/** What plans are held against, in the order in which it is asked. */
export function PoliciesPage() {
  const api = useApi(innominatusApiRef);
  const t = useText();
  const [search, setSearch] = useSearchParams();
  const text = search.get('search') ?? '';
  const tiers = search.getAll('tier');
  const query = useQuery({
    key: 'policies',
    load: signal =>
      collectPages(cursor =>
        api.listPolicies({ limit: LIMIT, cursor, signal }),
      ),
  });
  const shown = inOrder(query.data ?? []).filter(
    policy =>
      (tiers.length === 0 || tiers.includes(policy.tier)) &&
      matches(policy, text),
  );
  const change = (key: string, values: string[]) =>
    setSearch(
      current => {
        const next = new URLSearchParams(current);
        next.delete(key);
        values.forEach(value => next.append(key, value));
        return next;
      },
      { replace: true },
    );
  return (
    <main>
      <Container pb="6">
        <div className={styles.root}>
          <div className={styles.filters}>
            <SearchField
              className={styles.search}
              aria-label={t('policies.search')}
              placeholder={t('policies.search')}
              value={text}
              onChange={value => change('search', value ? [value] : [])}
            />
            <FilterSelect
              label={t('policies.tier')}
              placeholder={t('policies.anyTier')}
              options={POLICY_TIERS.map(id => ({
                id,
                label: t(`policies.tiers.${id}`),
              }))}
              values={tiers}
              onChange={values => change('tier', values)}
            />
          </div>
          {query.status === 'error' && (
            <ErrorState error={query.error} onRetry={query.reload} />
          )}
          {query.status === 'loading' && <ListSkeleton rows={3} height={160} />}
          <BrokenPolicies />
          {query.data?.length === 0 && (
            <EmptyState
              title={t('policies.emptyTitle')}
              text={t('policies.emptyText')}
            />
          )}
          {query.data && query.data.length > 0 && shown.length === 0 && (
            <EmptyState
              title={
                text
                  ? t('policies.noMatch', { text })
                  : t('policies.noMatchTier')
              }
            />
          )}
          {shown.map(policy => (
            <PolicyCard key={policy.name} policy={policy} />
          ))}
        </div>
      </Container>
    </main>
  );
}

/** Tiers are asked one after the other. */
function inOrder(policies: PolicyDefinition[]): PolicyDefinition[] {
  return [...policies].sort(
    (a, b) =>
      POLICY_TIERS.indexOf(a.tier) - POLICY_TIERS.indexOf(b.tier) ||
      a.name.localeCompare(b.name),
  );
}

function matches(policy: PolicyDefinition, text: string): boolean {
  const needle = text.trim().toLowerCase();
  return [
    policy.name,
    policy.title ?? '',
    policy.description ?? '',
    ...policy.rules.map(rule => rule.name),
  ].some(value => value.toLowerCase().includes(needle));
}
