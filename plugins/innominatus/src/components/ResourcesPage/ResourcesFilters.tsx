import { useApi } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import {
  ResourceManagement,
  ResourceState,
} from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../../api';
import { ListFilters, useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { inOrder } from '../../lib/environments';
import { useText } from '../../translation';
import { FilterSelect } from '../shared';
import styles from './ResourcesPage.module.css';

const LIMIT = 200;

/** `workload` has no choice of its own: links of other pages set it. */
export const FILTERS = [
  'state',
  'environment',
  'type',
  'management',
  'workload',
] as const;
export type ResourceFilter = (typeof FILTERS)[number];

const STATES: ResourceState[] = [
  'requested',
  'provisioning',
  'active',
  'updating',
  'degraded',
  'failed',
  'terminating',
  'terminated',
];

/** Narrows the list of resources; what can be chosen comes from the backend. */
export function ResourcesFilters(props: {
  control: ListFilters<ResourceFilter>;
}) {
  const { filters, filtered, setFilter, clear } = props.control;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const options = useQuery({
    key: 'resource filters',
    load: async signal => {
      const [environments, providers] = await Promise.all([
        collectPages(cursor =>
          api.listEnvironments({ limit: LIMIT, cursor, signal }),
        ),
        collectPages(cursor =>
          api.listProviders({ limit: LIMIT, cursor, signal }),
        ),
      ]);
      const types = providers.flatMap(({ resourceTypes }) =>
        resourceTypes.flatMap(({ type, aliases }) => [type, ...aliases]),
      );
      return {
        environment: inOrder(environments).map(({ name, title = name }) => ({
          id: name,
          label: title,
        })),
        type: [...new Set(types)]
          .sort()
          .map(type => ({ id: type, label: type })),
      };
    },
  });
  return (
    <div
      className={styles.filters}
      role="group"
      aria-label={t('resources.filters.legend')}
    >
      <FilterSelect
        label={t('resources.filters.state')}
        placeholder={t('resources.filters.any')}
        options={STATES.map(state => ({
          id: state,
          label: t(`resources.states.${state}`),
        }))}
        values={filters.state}
        onChange={values => setFilter('state', values)}
      />
      <FilterSelect
        label={t('resources.filters.environment')}
        placeholder={t('resources.filters.any')}
        options={options.data?.environment ?? []}
        values={filters.environment}
        onChange={values => setFilter('environment', values)}
      />
      <FilterSelect
        label={t('resources.filters.type')}
        placeholder={t('resources.filters.any')}
        options={options.data?.type ?? []}
        values={filters.type}
        onChange={values => setFilter('type', values)}
      />
      <FilterSelect
        label={t('resources.filters.management')}
        placeholder={t('resources.filters.any')}
        options={Object.values(ResourceManagement).map(management => ({
          id: management,
          label: t(`resources.management.${management}`),
        }))}
        values={filters.management}
        onChange={values => setFilter('management', values)}
      />
      {filtered && (
        <Button variant="tertiary" size="small" onPress={clear}>
          {t('resources.filters.clear')}
        </Button>
      )}
    </div>
  );
}
