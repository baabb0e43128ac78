import { useApi } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  RunStep,
  StepAttempt,
} from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { useText } from '../../translation';
import { ErrorState, ListSkeleton, RelativeTime, StatusTag } from '../shared';
import styles from './RunPage.module.css';
import { RunViewControl } from './useRunView';

export interface StepAttemptsProps {
  runId: string;
  step?: RunStep;
  control: RunViewControl;
}

/** Every try of a step, the latest first, with a way to its log. */
export function StepAttempts(props: StepAttemptsProps) {
  const { step } = props;
  const t = useText();
  if (!step) {
    return <span>{t('run.attempts.choose')}</span>;
  }
  if (step.attempt === 0) {
    return <span>{t('run.attempts.none')}</span>;
  }
  return <Attempts {...props} step={step} />;
}

function Attempts(props: StepAttemptsProps & { step: RunStep }) {
  const { runId, step, control } = props;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const query = useQuery({
    // Asked again when the step went on.
    key: `attempts ${runId} ${step.name} ${step.attempt} ${step.status}`,
    load: async signal =>
      (await api.getRunStep(runId, step.name, { signal })).attempts,
  });
  if (query.status === 'error') {
    return <ErrorState error={query.error} onRetry={query.reload} />;
  }
  if (!query.data) {
    return <ListSkeleton rows={step.attempt} />;
  }
  return (
    <ul className={styles.list}>
      {[...query.data].reverse().map((each: StepAttempt) => (
        <li key={each.attempt} className={styles.listItem}>
          <strong>
            {t('run.attempts.attempt', { attempt: String(each.attempt) })}
          </strong>
          <StatusTag status={each.status} detail={each.error?.message} />
          <RelativeTime time={each.startedAt} />
          <Link href={control.linkTo({ attempt: each.attempt, tab: 'logs' })}>
            {t('run.attempts.logs', { attempt: String(each.attempt) })}
          </Link>
        </li>
      ))}
    </ul>
  );
}
