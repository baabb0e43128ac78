import { ApprovalAnswer } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { PersonLink, RelativeTime } from '../shared';
import styles from './Approvals.module.css';

/** Who answered what, when and why. */
export function ApprovalDecisionList(props: { decisions: ApprovalAnswer[] }) {
  const t = useText();
  if (props.decisions.length === 0) {
    return null;
  }
  return (
    <ul className={styles.decisions} aria-label={t('approvals.decisions')}>
      {props.decisions.map(({ by, decision, at, reason }) => (
        <li key={`${by} ${at}`}>
          <PersonLink person={by} />{' '}
          {t(
            decision === 'approve'
              ? 'approvals.approvedBy'
              : 'approvals.rejectedBy',
          )}{' '}
          <RelativeTime time={at} />
          {reason && <q className={styles.reason}>{reason}</q>}
        </li>
      ))}
    </ul>
  );
}
