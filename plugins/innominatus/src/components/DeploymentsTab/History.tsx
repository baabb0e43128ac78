import { useApi } from '@backstage/frontend-plugin-api';
import { Cell, ColumnConfig, Table } from '@backstage/ui';
import { DeploymentSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { durationMs, formatDuration } from '../../lib/duration';
import { Text, useText } from '../../translation';
import { ErrorState, ListSkeleton, Panel, StatusTag } from '../shared';
import styles from './DeploymentsTab.module.css';
import { LastChange } from './LastChange';

const LIMIT = 20;

export interface HistoryProps {
  name: string;
  /** Changes when something was deployed, so that the list is read again. */
  version: string;
}

/** The latest deployments of a workload in all environments. */
export function History(props: HistoryProps) {
  const { name, version } = props;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const query = useQuery({
    key: `history ${name} ${version}`,
    load: async signal =>
      (await api.listDeployments({ name: [name], limit: LIMIT, signal })).items,
  });
  return (
    <Panel title={t('deployments.historyTitle')}>
      {query.status === 'error' && (
        <ErrorState error={query.error} onRetry={query.reload} />
      )}
      {query.status === 'loading' && <ListSkeleton rows={3} />}
      {query.data?.length === 0 && <span>{t('deployments.historyEmpty')}</span>}
      {query.data && query.data.length > 0 && (
        <Table
          columnConfig={columnsOf(t)}
          data={query.data}
          pagination={{ type: 'none' }}
        />
      )}
    </Panel>
  );
}

function columnsOf(t: Text): ColumnConfig<DeploymentSummary>[] {
  return [
    {
      id: 'deployment',
      label: t('deployments.columns.deployment'),
      isRowHeader: true,
      cell: item => (
        <Cell>
          <LastChange deployment={item} />
        </Cell>
      ),
    },
    {
      id: 'environment',
      label: t('deployments.columns.environment'),
      cell: item => <Cell>{item.environment}</Cell>,
    },
    {
      id: 'status',
      label: t('deployments.columns.status'),
      cell: item => (
        <Cell>
          <StatusTag status={item.status} detail={lengthOf(item, t)} />
        </Cell>
      ),
    },
    {
      id: 'changes',
      label: t('deployments.columns.changes'),
      cell: item => (
        <Cell>
          <span className={styles.small}>
            {item.changes.join(', ') || t('deployments.noChanges')}
          </span>
        </Cell>
      ),
    },
  ];
}

function lengthOf(item: DeploymentSummary, t: Text): string | undefined {
  if (!item.endedAt) {
    return undefined;
  }
  const ms = durationMs(
    { startedAt: item.createdAt, endedAt: item.endedAt },
    0,
  );
  return ms === undefined
    ? undefined
    : t('common.duration.inTime', { duration: formatDuration(ms) });
}
