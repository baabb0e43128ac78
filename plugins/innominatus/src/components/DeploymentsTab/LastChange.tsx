import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { DeploymentSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { planRouteRef } from '../../routes';
import { useText } from '../../translation';
import { FreezeOverride, PersonLink, RelativeTime, RunLink } from '../shared';
import styles from './DeploymentsTab.module.css';

/** `#41 deploy`, when and by whom; it leads to the run or the approval. */
export function LastChange(props: { deployment: DeploymentSummary }) {
  const { deployment } = props;
  const t = useText();
  const label = t('deployments.deployment', {
    number: String(deployment.number),
    action: deployment.action,
  });
  return (
    <div className={styles.cell}>
      <span className={styles.line}>
        <ChangeLink deployment={deployment} label={label} />
        <PlanLink deployment={deployment} />
      </span>
      <span className={styles.line}>
        <RelativeTime time={deployment.createdAt} />
        <PersonLink person={deployment.createdBy} />
      </span>
      <FreezeOverride deployment={deployment} />
    </div>
  );
}

/** Without a run there may be a question that has to be answered first. */
function ChangeLink(props: { deployment: DeploymentSummary; label: string }) {
  const { runId, planId, approvalId } = props.deployment;
  const planLink = useRouteRef(planRouteRef);
  if (runId) {
    return <RunLink runId={runId}>{props.label}</RunLink>;
  }
  return planLink && planId && approvalId ? (
    <Link
      href={`${planLink({ planId })}?${new URLSearchParams({ approval: approvalId })}`}
    >
      {props.label}
    </Link>
  ) : (
    <>{props.label}</>
  );
}

/** The plan that was carried out, where the first link leads to the run. */
function PlanLink(props: { deployment: DeploymentSummary }) {
  const { number, runId, planId, approvalId } = props.deployment;
  const planLink = useRouteRef(planRouteRef);
  const t = useText();
  const isLinked = !runId && approvalId;
  return planLink && planId && !isLinked ? (
    <Link
      href={planLink({ planId })}
      aria-label={t('deployments.planOf', { number: String(number) })}
    >
      {t('deployments.plan')}
    </Link>
  ) : null;
}
