import { useApi } from '@backstage/frontend-plugin-api';
import { Cell, ColumnConfig } from '@backstage/ui';
import {
  AllowedAction,
  DeploymentSummary,
} from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../../api';
import { EnvironmentRow, useQuery } from '../../hooks';
import { durationMs, formatDuration } from '../../lib/duration';
import { Workload } from '../../lib/workload';
import { Text, useText } from '../../translation';
import {
  DataTable,
  ErrorState,
  ListSkeleton,
  Panel,
  StatusTag,
} from '../shared';
import styles from './DeploymentsTab.module.css';
import { LastChange } from './LastChange';
import { RollBack } from './RollBack';
import { WithdrawDeployment } from './WithdrawDeployment';
import { canGoBackTo } from './canGoBackTo';

const LIMIT = 20;

export interface HistoryProps {
  workload: Workload;
  /** Who may do what in each environment. */
  rows: EnvironmentRow[];
  /** Changes when something was deployed, so that the list is read again. */
  version: string;
}

/** The latest deployments of a workload in all environments. */
export function History(props: HistoryProps) {
  const { workload, rows, version } = props;
  const { name } = workload;
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
        <DataTable
          hasActions
          columnConfig={[
            ...columnsOf(t),
            actionsOf({
              t,
              workload,
              rows,
              deployments: query.data,
              reload: query.reload,
            }),
          ]}
          data={query.data}
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
          <div className={styles.cell}>
            <StatusTag
              // In the queue of nobody: people are asked.
              status={
                item.waiting?.kind === 'approval' ? 'waiting' : item.status
              }
              detail={lengthOf(item, t)}
            />
            {item.waiting && (
              <span className={styles.small}>{item.waiting.message}</span>
            )}
          </div>
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

function actionsOf(options: {
  t: Text;
  workload: Workload;
  rows: EnvironmentRow[];
  deployments: DeploymentSummary[];
  reload: () => void;
}): ColumnConfig<DeploymentSummary> {
  const { t, workload, rows, deployments, reload } = options;
  return {
    id: 'actions',
    label: t('deployments.columns.actions'),
    cell: item => (
      <Cell>
        {waits(item) && (
          <WithdrawDeployment
            deployment={item}
            allowed={mayStart(item, rows)}
            onWithdrawn={reload}
          />
        )}
        {canGoBackTo(item, deployments) && (
          <RollBack
            deployment={item}
            workload={workload}
            row={rows.find(
              ({ environment }) => environment.name === item.environment,
            )}
          />
        )}
      </Cell>
    ),
  };
}

/** Whether it has not begun: people are asked, or there is no room yet. */
function waits({ approvalId, runId, endedAt }: DeploymentSummary): boolean {
  return approvalId !== undefined && runId === undefined && !endedAt;
}

/** Who may start a deployment may withdraw it. */
function mayStart(
  { action, environment }: DeploymentSummary,
  rows: EnvironmentRow[],
): AllowedAction {
  const actions = rows.find(row => row.environment.name === environment)
    ?.application?.allowedActions;
  const isEnding = action === 'delete' || action === 'deprovision';
  return (isEnding ? actions?.delete : actions?.deploy) ?? { allowed: true };
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
