import { DeploymentSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { PersonLink, RelativeTime, RunLink } from '../shared';
import styles from './DeploymentsTab.module.css';

/** `#41 deploy`, when and by whom; the number leads to the run. */
export function LastChange(props: { deployment: DeploymentSummary }) {
  const { deployment } = props;
  const t = useText();
  const label = t('deployments.deployment', {
    number: String(deployment.number),
    action: deployment.action,
  });
  return (
    <div className={styles.cell}>
      {deployment.runId ? (
        <span>
          <RunLink runId={deployment.runId}>{label}</RunLink>
        </span>
      ) : (
        <span>{label}</span>
      )}
      <span className={styles.line}>
        <RelativeTime time={deployment.createdAt} />
        <PersonLink person={deployment.createdBy} />
      </span>
    </div>
  );
}
