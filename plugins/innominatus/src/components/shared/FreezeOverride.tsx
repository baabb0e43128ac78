import { DeploymentSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { PersonLink } from './PersonLink';
import styles from './shared.module.css';

/** Who let a deployment pass a freeze window, and why. */
export function FreezeOverride(props: {
  deployment: Pick<DeploymentSummary, 'freezeOverride'>;
}) {
  const { freezeOverride } = props.deployment;
  const t = useText();
  return freezeOverride ? (
    <span className={styles.note}>
      {t('common.freezeOverride', { reason: freezeOverride.reason })}{' '}
      <PersonLink person={freezeOverride.by} />
    </span>
  ) : null;
}
