import { useApi } from '@backstage/frontend-plugin-api';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { useText } from '../../translation';
import { ErrorState, RunLink, StatusTag } from '../shared';
import styles from './PlanPage.module.css';

const POLL_MS = 2000;

/** What became of the deployment once people had decided about its plan. */
export function DecidedDeployment(props: { deploymentId: string }) {
  const { deploymentId } = props;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const query = useQuery({
    key: `deployment ${deploymentId}`,
    load: signal => api.getDeployment(deploymentId, { signal }),
    pollMs: ({ endedAt }) => (endedAt === undefined ? POLL_MS : undefined),
  });
  if (query.status === 'error') {
    return <ErrorState error={query.error} onRetry={query.reload} />;
  }
  if (!query.data) {
    return null;
  }
  const { number, action, status, runId, runNumber, failure, waiting } =
    query.data;
  return (
    <div className={styles.decided} role="status">
      <strong>
        {t('deployments.deployment', { number: String(number), action })}
      </strong>
      <StatusTag status={status} detail={failure?.error.message} />
      {waiting && runId === undefined && <span>{waiting.message}</span>}
      {runId !== undefined && (
        <RunLink runId={runId}>
          {t('deployments.openRun', { number: String(runNumber ?? '') })}
        </RunLink>
      )}
    </div>
  );
}
