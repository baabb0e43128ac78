import {
  DriftStatus,
  DriftSummary,
} from '@innominatus/backstage-plugin-innominatus-common';
import { AnyStatus } from '../../lib/status';
import { useText } from '../../translation';
import { RelativeTime, StatusTag } from '../shared';
import styles from './Drift.module.css';

const SIGNS: Record<DriftStatus, AnyStatus> = {
  none: 'succeeded',
  drifted: 'degraded',
  missing: 'failed',
  unknown: 'none',
};

/** Whether something is as recorded, since when not, and how old that is. */
export function DriftStatusTag(props: { drift: DriftSummary }) {
  const { status, since, checkedAt } = props.drift;
  const t = useText();
  return (
    <span className={styles.line}>
      <StatusTag status={SIGNS[status]} word={t(`drift.status.${status}`)} />
      {since && (
        <span>
          {t('drift.since')} <RelativeTime time={since} />
        </span>
      )}
      <span>
        {t('drift.checked')} <RelativeTime time={checkedAt} />
      </span>
    </span>
  );
}
