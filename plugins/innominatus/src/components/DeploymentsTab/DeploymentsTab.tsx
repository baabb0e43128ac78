import { useEntity } from '@backstage/plugin-catalog-react';
import { useMemo } from 'react';
import { EnvironmentRow, useDeployments, useScoreIssues } from '../../hooks';
import { workloadOf } from '../../lib/workload';
import { useText } from '../../translation';
import { EmptyState, ErrorState, ListSkeleton, Panel } from '../shared';
import { BrokenScore } from './BrokenScore';
import styles from './DeploymentsTab.module.css';
import { EnvironmentsTable } from './EnvironmentsTable';
import { History } from './History';

/** The tab of a component: where it runs, what changed, and what to do next. */
export function DeploymentsTab() {
  const { entity } = useEntity();
  const workload = useMemo(() => workloadOf(entity), [entity]);
  const t = useText();
  const query = useDeployments(workload);
  const issues = useScoreIssues(workload);
  const broken =
    issues.data && issues.data.length > 0 ? issues.data : undefined;
  const rows = query.data;

  return (
    <div className={styles.root}>
      {broken && <BrokenScore issues={broken} workload={workload} />}
      <Panel title={t('deployments.title')}>
        {query.status === 'error' && (
          <ErrorState error={query.error} onRetry={query.reload} />
        )}
        {query.status === 'loading' && <ListSkeleton />}
        {rows?.length === 0 && (
          <EmptyState
            title={t('deployments.noEnvironmentsTitle')}
            text={t('deployments.noEnvironmentsText')}
          />
        )}
        {rows && rows.length > 0 && (
          <>
            {isNew(rows) && !broken && (
              <EmptyState
                title={t('deployments.emptyTitle')}
                text={t('deployments.emptyText')}
              />
            )}
            <EnvironmentsTable
              rows={rows}
              workload={workload}
              actions={!broken}
            />
          </>
        )}
      </Panel>
      {rows && rows.length > 0 && (
        // Also before anything is deployed: the first one may wait for approval.
        <History workload={workload} rows={rows} version={versionOf(rows)} />
      )}
    </div>
  );
}

function isNew(rows: EnvironmentRow[]): boolean {
  return rows.every(
    row => !row.application || row.application.status === 'none',
  );
}

function versionOf(rows: EnvironmentRow[]): string {
  return rows
    .map(row => {
      const last = row.application?.lastDeployment;
      return last ? `${last.id}:${last.status}` : '';
    })
    .join();
}
