import { Link } from '@backstage/ui';
import { RunStep } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { StatusTag } from '../shared';
import styles from './RunPage.module.css';
import { RunViewControl } from './useRunView';

export interface StepAttemptsProps {
  step?: RunStep;
  control: RunViewControl;
}

/** Every try of a step, the latest first, with a way to its log. */
export function StepAttempts(props: StepAttemptsProps) {
  const { step, control } = props;
  const t = useText();
  if (!step) {
    return <span>{t('run.attempts.choose')}</span>;
  }
  if (step.attempt === 0) {
    return <span>{t('run.attempts.none')}</span>;
  }
  const attempts = Array.from(
    { length: step.attempt },
    (_, index) => step.attempt - index,
  );
  return (
    <ul className={styles.list}>
      {attempts.map(attempt => (
        <li key={attempt} className={styles.listItem}>
          <strong>
            {t('run.attempts.attempt', { attempt: String(attempt) })}
          </strong>
          <StatusTag
            status={attempt === step.attempt ? step.status : 'failed'}
            detail={
              attempt === step.attempt
                ? step.error?.message
                : t('run.attempts.earlier')
            }
          />
          <Link href={control.linkTo({ attempt, tab: 'logs' })}>
            {t('run.attempts.logs', { attempt: String(attempt) })}
          </Link>
        </li>
      ))}
    </ul>
  );
}
