import { Alert, ButtonLink } from '@backstage/ui';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import styles from './RunPage.module.css';
import { RunViewControl } from './useRunView';

/** Why the run failed, on top of everything else, with the next step. */
export function RunFailure(props: { run: Run; control: RunViewControl }) {
  const { run, control } = props;
  const t = useText();
  if (run.status !== 'failed' || !run.failure) {
    return null;
  }
  const { step, error } = run.failure;
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={
        step ? t('run.failure.title', { step }) : t('run.failure.titleRun')
      }
      description={
        <div className={styles.failureBody}>
          <span>
            {error.message} ({error.code})
          </span>
          <span>
            {error.transient
              ? t('run.failure.transient')
              : t('run.failure.next')}
          </span>
        </div>
      }
      customActions={
        step && (
          <ButtonLink
            size="small"
            variant="secondary"
            href={control.linkTo({ step, tab: 'logs' })}
          >
            {t('run.failure.openLogs')}
          </ButtonLink>
        )
      }
    />
  );
}
