import { useApi } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import {
  HealthRecord,
  HealthStatus,
  Resource,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { AnyStatus } from '../../lib/status';
import { useText } from '../../translation';
import {
  ErrorState,
  ListSkeleton,
  Panel,
  RelativeTime,
  ScrollArea,
  StatusTag,
} from '../shared';
import styles from './ResourcePage.module.css';

const SHOWN = 10;
const SIGNS: Record<HealthStatus, AnyStatus> = {
  healthy: 'succeeded',
  unhealthy: 'failed',
  unknown: 'none',
};

export interface ResourceHealthPanelProps {
  resource: Resource;
  /** A check may change the state of the resource. */
  onChecked: () => void;
}

/** What the health checks of a resource say now, and said before. */
export function ResourceHealthPanel(props: ResourceHealthPanelProps) {
  const { resource, onChecked } = props;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const [checking, setChecking] = useState(false);
  const [error, setError] = useState<Error>();
  const query = useQuery({
    key: `health ${resource.id}`,
    load: signal =>
      api.getResourceHealth(resource.id, { limit: SHOWN, signal }),
  });
  const check = async () => {
    setChecking(true);
    setError(undefined);
    try {
      await api.checkResourceHealth(resource.id);
      query.reload();
      onChecked();
    } catch (failure) {
      setError(failure as Error);
    }
    setChecking(false);
  };
  const { data } = query;
  const isDeclared = data && (data.current || data.items.length > 0);
  return (
    <Panel title={t('health.title')}>
      {query.status === 'error' && (
        <ErrorState error={query.error} onRetry={query.reload} />
      )}
      {query.status === 'loading' && <ListSkeleton rows={1} />}
      {data && !isDeclared && <span>{t('health.none')}</span>}
      {data?.current && (
        <div className={styles.hint}>
          <StatusTag
            status={SIGNS[data.current.status]}
            word={t(`health.status.${data.current.status}`)}
          />
          <span>{data.current.message}</span>
          <span>
            {t('health.checked')} <RelativeTime time={data.current.checkedAt} />
          </span>
        </div>
      )}
      {isDeclared && (
        <div>
          <Button
            size="small"
            variant="secondary"
            isPending={checking}
            onPress={check}
          >
            {t('health.check')}
          </Button>
        </div>
      )}
      {error && <ErrorState title={t('health.checkFailed')} error={error} />}
      {data && data.items.length > 0 && <History items={data.items} />}
    </Panel>
  );
}

function History(props: { items: HealthRecord[] }) {
  const t = useText();
  return (
    <ScrollArea className={styles.tableArea} label={t('health.history')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('health.columns.health')}</th>
            <th scope="col">{t('health.columns.message')}</th>
            <th scope="col">{t('health.columns.since')}</th>
            <th scope="col">{t('health.columns.until')}</th>
            <th scope="col">{t('health.columns.checks')}</th>
          </tr>
        </thead>
        <tbody>
          {props.items.map(item => (
            <tr key={`${item.since} ${item.status}`}>
              <td>
                <StatusTag
                  status={SIGNS[item.status]}
                  word={t(`health.status.${item.status}`)}
                />
              </td>
              <td>{item.message}</td>
              <td>
                <RelativeTime time={item.since} />
              </td>
              <td>
                <RelativeTime time={item.until} />
              </td>
              <td>{item.checks}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
