import { useApi } from '@backstage/frontend-plugin-api';
import { ResourceTransition } from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { useText } from '../../translation';
import { ResourceStateTag } from '../ResourcesPage';
import {
  ErrorState,
  ListSkeleton,
  Panel,
  PersonLink,
  RelativeTime,
  RunLink,
  ScrollArea,
} from '../shared';
import styles from './ResourcePage.module.css';

/** The states of a resource, the last one on top. */
export function ResourceTransitions(props: { resourceId: string }) {
  const { resourceId } = props;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const query = useQuery({
    key: `transitions ${resourceId}`,
    load: signal => api.listResourceTransitions(resourceId, { signal }),
  });
  const items = [...(query.data?.items ?? [])].reverse();
  return (
    <Panel title={t('resources.transitions')}>
      {query.status === 'error' && (
        <ErrorState error={query.error} onRetry={query.reload} />
      )}
      {query.status === 'loading' && <ListSkeleton rows={3} />}
      {items.length > 0 && (
        <ScrollArea
          className={styles.tableArea}
          label={t('resources.transition.change')}
        >
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('resources.transition.change')}</th>
                <th scope="col">{t('resources.transition.reason')}</th>
                <th scope="col">{t('resources.transition.by')}</th>
                <th scope="col">{t('resources.transition.when')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(item => (
                <Row key={`${item.at} ${item.to}`} transition={item} />
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </Panel>
  );
}

function Row(props: { transition: ResourceTransition }) {
  const { to, reason, by, at, runId } = props.transition;
  return (
    <tr>
      <td>
        <ResourceStateTag state={to} />
      </td>
      <td>{reason}</td>
      <td>
        <PersonLink person={by} />
      </td>
      <td>
        {runId ? (
          <RunLink runId={runId}>
            <RelativeTime time={at} />
          </RunLink>
        ) : (
          <RelativeTime time={at} />
        )}
      </td>
    </tr>
  );
}
