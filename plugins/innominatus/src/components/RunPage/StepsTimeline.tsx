import { Link } from '@backstage/ui';
import { Run, RunStep } from '@innominatus/backstage-plugin-innominatus-common';
import { durationMs, formatDuration } from '../../lib/duration';
import { toneOf } from '../../lib/status';
import { useText } from '../../translation';
import styles from './RunPage.module.css';
import { RunViewControl } from './useRunView';

export interface StepsTimelineProps {
  label: string;
  run: Run;
  control: RunViewControl;
  now: number;
}

/** Steps as bars on clock time; a wait is hatched. */
export function StepsTimeline(props: StepsTimelineProps) {
  const { label, run, control, now } = props;
  const start = Date.parse(run.startedAt ?? run.createdAt);
  const end = run.endedAt ? Date.parse(run.endedAt) : now;
  const total = Math.max(1, end - start);
  return (
    <ul className={styles.timeline} aria-label={label}>
      {run.steps.map(step => (
        <li key={step.name} className={styles.timelineRow}>
          <Link href={control.linkTo({ step: step.name })}>
            {step.title ?? step.name}
          </Link>
          <Bar step={step} start={start} total={total} now={now} />
        </li>
      ))}
    </ul>
  );
}

interface BarProps {
  step: RunStep;
  start: number;
  total: number;
  now: number;
}

function Bar(props: BarProps) {
  const { step, start, total, now } = props;
  const t = useText();
  const length = durationMs(step, now);
  const status = t(`common.status.${step.status}`);
  if (length === undefined || !step.startedAt) {
    return (
      <div className={styles.track}>
        <span className={styles.barLabel}>
          {step.status === 'pending' ? t('run.timeline.notStarted') : status}
        </span>
      </div>
    );
  }
  const left = ((Date.parse(step.startedAt) - start) / total) * 100;
  return (
    <div className={styles.track}>
      <span
        className={styles.bar}
        data-tone={toneOf(step.status)}
        style={{
          left: `${clampPercent(left)}%`,
          width: `${clampPercent((length / total) * 100)}%`,
        }}
      />
      <span className={styles.barLabel}>
        {status} {formatDuration(length)}
      </span>
    </div>
  );
}

function clampPercent(value: number): number {
  return Math.min(100, Math.max(0, value));
}
