import { useApi } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { RunStatus } from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { inOrder } from '../../lib/environments';
import { useText } from '../../translation';
import { FilterSelect } from '../shared';
import styles from './RunsPage.module.css';
import { RunFiltersControl } from './useRunFilters';

const LIMIT = 200;

/** Narrows the list of runs; what can be chosen comes from the backend. */
export function RunsFilters(props: { control: RunFiltersControl }) {
  const { filters, filtered, setFilter, clear } = props.control;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const options = useQuery({
    key: 'run filters',
    load: async signal => {
      const [environments, goldenPaths] = await Promise.all([
        collectPages(cursor =>
          api.listEnvironments({ limit: LIMIT, cursor, signal }),
        ),
        collectPages(cursor =>
          api.listGoldenPaths({ limit: LIMIT, cursor, signal }),
        ),
      ]);
      return {
        environment: inOrder(environments).map(optionOf),
        goldenPath: goldenPaths.map(optionOf),
      };
    },
  });
  return (
    <div
      className={styles.filters}
      role="group"
      aria-label={t('runs.filters.legend')}
    >
      <FilterSelect
        placeholder={t('runs.filters.any')}
        label={t('runs.filters.status')}
        options={Object.values(RunStatus).map(status => ({
          id: status,
          label: t(`common.status.${status}`),
        }))}
        values={filters.status}
        onChange={values => setFilter('status', values)}
      />
      <FilterSelect
        placeholder={t('runs.filters.any')}
        label={t('runs.filters.environment')}
        options={options.data?.environment ?? []}
        values={filters.environment}
        onChange={values => setFilter('environment', values)}
      />
      <FilterSelect
        placeholder={t('runs.filters.any')}
        label={t('runs.filters.goldenPath')}
        options={options.data?.goldenPath ?? []}
        values={filters.goldenPath}
        onChange={values => setFilter('goldenPath', values)}
      />
      {filtered && (
        <Button variant="tertiary" size="small" onPress={clear}>
          {t('runs.filters.clear')}
        </Button>
      )}
    </div>
  );
}

function optionOf(item: { name: string; title?: string }) {
  return { id: item.name, label: item.title ?? item.name };
}
