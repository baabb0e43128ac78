import { ApplicationSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { durationMs, formatDuration } from '../../lib/duration';
import { useText } from '../../translation';
import { DriftBadge } from '../Drift';
import { OutsideLink, StatusTag } from '../shared';
import styles from './DeploymentsTab.module.css';

/** State of an application with its duration, or with what went wrong. */
export function EnvironmentStatus(props: { application?: ApplicationSummary }) {
  const { application } = props;
  const t = useText();
  if (!application) {
    return <StatusTag status="none" />;
  }
  const { status, lastDeployment } = application;
  const length =
    lastDeployment?.endedAt && status === 'succeeded'
      ? durationMs(
          {
            startedAt: lastDeployment.createdAt,
            endedAt: lastDeployment.endedAt,
          },
          0,
        )
      : undefined;
  const failure = status === 'failed' ? lastDeployment?.failure : undefined;
  return (
    <div className={styles.cell}>
      <StatusTag
        status={status}
        detail={
          length === undefined
            ? undefined
            : t('common.duration.inTime', { duration: formatDuration(length) })
        }
      />
      <DriftBadge application={application} />
      {lastDeployment?.waiting && (
        <span className={styles.small}>
          {lastDeployment.waiting.message}{' '}
          <OutsideLink link={lastDeployment.waiting.link} />
        </span>
      )}
      {failure && (
        <span className={styles.small}>
          {failure.step && `${failure.step}: `}
          {failure.error.message.split('\n')[0]}
        </span>
      )}
    </div>
  );
}
