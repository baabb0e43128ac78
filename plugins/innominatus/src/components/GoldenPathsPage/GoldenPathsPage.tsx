import { useApi } from '@backstage/frontend-plugin-api';
import { Container, SearchField } from '@backstage/ui';
import { GoldenPath } from '@innominatus/backstage-plugin-innominatus-common';
import { useSearchParams } from 'react-router-dom';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { useText } from '../../translation';
import { EmptyState, ErrorState, ListSkeleton } from '../shared';
import { GoldenPathCard } from './GoldenPathCard';
import { Schedules } from './Schedules';
import styles from './GoldenPathsPage.module.css';

const LIMIT = 200;

/** What the platform team offers, by category. */
export function GoldenPathsPage() {
  const api = useApi(innominatusApiRef);
  const t = useText();
  const [search, setSearch] = useSearchParams();
  const text = search.get('search') ?? '';
  const query = useQuery({
    key: 'golden paths',
    load: signal =>
      collectPages(cursor =>
        api.listGoldenPaths({ limit: LIMIT, cursor, signal }),
      ),
  });
  const shown = query.data?.filter(path => matches(path, text));
  return (
    <main>
      <Container pb="6">
        <div className={styles.root}>
          <SearchField
            className={styles.search}
            aria-label={t('goldenPaths.search')}
            placeholder={t('goldenPaths.search')}
            value={text}
            onChange={value =>
              setSearch(value ? { search: value } : {}, { replace: true })
            }
          />
          {query.status === 'error' && (
            <ErrorState error={query.error} onRetry={query.reload} />
          )}
          {query.status === 'loading' && <ListSkeleton rows={3} height={160} />}
          {query.data?.length === 0 && (
            <EmptyState
              title={t('goldenPaths.emptyTitle')}
              text={t('goldenPaths.emptyText')}
            />
          )}
          {query.data && query.data.length > 0 && shown?.length === 0 && (
            <EmptyState title={t('goldenPaths.noMatch', { text })} />
          )}
          {byCategory(shown ?? [], t('goldenPaths.other')).map(
            ([category, paths]) => (
              <section key={category} aria-label={category}>
                <h2 className={styles.category}>{category}</h2>
                <ul className={styles.cards}>
                  {paths.map(path => (
                    <li key={path.name}>
                      <GoldenPathCard goldenPath={path} />
                    </li>
                  ))}
                </ul>
              </section>
            ),
          )}
          <Schedules text={text} />
        </div>
      </Container>
    </main>
  );
}

function matches(path: GoldenPath, text: string): boolean {
  const needle = text.trim().toLowerCase();
  return [path.name, path.title, path.description, path.category, ...path.tags]
    .filter(value => value !== undefined)
    .some(value => value.toLowerCase().includes(needle));
}

/** Categories by name; what has none comes last. */
function byCategory(
  paths: GoldenPath[],
  other: string,
): Array<[string, GoldenPath[]]> {
  const groups = new Map<string, GoldenPath[]>();
  for (const path of paths) {
    const category = path.category ?? '';
    groups.set(category, [...(groups.get(category) ?? []), path]);
  }
  return [...groups.entries()]
    .sort(
      ([a], [b]) => Number(a === '') - Number(b === '') || a.localeCompare(b),
    )
    .map(([category, items]) => [category || other, items]);
}
