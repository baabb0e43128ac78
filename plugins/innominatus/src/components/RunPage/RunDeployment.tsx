import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { isTerminal } from '../../lib/status';
import { planRouteRef } from '../../routes';
import { useText } from '../../translation';
import { ErrorState, FreezeOverride } from '../shared';
import { Recovery } from './Recovery';
import styles from './RunPage.module.css';

const POLL_MS = 2_000;

/** The deployment that a run carries out: its plan, and ways on from a failure. */
export function RunDeployment(props: { run: Run }) {
  const { run } = props;
  return run.deployment ? (
    <Deployment run={run} deploymentId={run.deployment.id} />
  ) : null;
}

function Deployment(props: { run: Run; deploymentId: string }) {
  const { run, deploymentId } = props;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const planLink = useRouteRef(planRouteRef);
  const ended = isTerminal(run.status);
  const query = useQuery({
    key: `deployment ${deploymentId} ${ended}`,
    load: signal => api.getDeployment(deploymentId, { signal }),
    // It learns the result from its run, a moment later.
    pollMs: ({ endedAt }) => (ended && !endedAt ? POLL_MS : undefined),
  });
  if (query.status === 'error') {
    return <ErrorState error={query.error} onRetry={query.reload} />;
  }
  if (!query.data) {
    return null;
  }
  const { number, planId, freezeOverride, recovery, runId } = query.data;
  return (
    <>
      {(freezeOverride || (planLink && planId)) && (
        <p className={styles.links}>
          {planLink && planId && (
            <Link href={planLink({ planId })}>
              {t('run.plan', { number: String(number) })}
            </Link>
          )}
          <FreezeOverride deployment={query.data} />
        </p>
      )}
      {recovery && runId === run.id && (
        <Recovery run={run} deployment={query.data} recovery={recovery} />
      )}
    </>
  );
}
