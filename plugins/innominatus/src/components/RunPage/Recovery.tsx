import {
  DeploymentRecovery,
  DeploymentSummary,
  Run,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { useText } from '../../translation';
import { ResourceStateTag } from '../ResourcesPage/ResourceStateTag';
import { ActionButton, Panel } from '../shared';
import { FollowUpDialog } from './FollowUpDialog';
import styles from './RunPage.module.css';
import { UndoDeploymentDialog } from './UndoDeploymentDialog';

export interface RecoveryProps {
  run: Run;
  deployment: DeploymentSummary;
  recovery: DeploymentRecovery;
}

/** What a deployment left that did not end well: resume, keep or undo it. */
export function Recovery(props: RecoveryProps) {
  const { run, deployment, recovery } = props;
  const t = useText();
  const [open, setOpen] = useState<'resume' | 'undo'>();
  const close = () => setOpen(undefined);
  const undo = recovery.undo.request;
  return (
    <Panel
      title={t('run.recovery.title', { number: String(deployment.number) })}
    >
      <ExistingResources recovery={recovery} />
      <ul className={styles.ways}>
        <li className={styles.way}>
          <ActionButton
            size="small"
            variant="secondary"
            allowed={recovery.resume}
            onPress={() => setOpen('resume')}
          >
            {t('run.recovery.resume')}
          </ActionButton>
          <span>{t('run.recovery.resumeText')}</span>
        </li>
        <li className={styles.way}>
          <ActionButton
            size="small"
            variant="secondary"
            allowed={recovery.undo}
            onPress={() => setOpen('undo')}
          >
            {t('run.recovery.undo')}
          </ActionButton>
          <span>
            {undo.action === 'rollback'
              ? t('run.recovery.undoToText', {
                  number: String(undo.target?.deployment ?? ''),
                })
              : t('run.recovery.undoAllText')}
          </span>
        </li>
        <li className={styles.way}>
          <strong>{t('run.recovery.keep')}</strong>
          <span>{t('run.recovery.keepText')}</span>
        </li>
      </ul>
      {open === 'resume' && (
        <FollowUpDialog run={run} verb="retry" onClose={close} />
      )}
      {open === 'undo' && (
        <UndoDeploymentDialog
          deployment={deployment}
          request={undo}
          onClose={close}
        />
      )}
    </Panel>
  );
}

function ExistingResources(props: { recovery: DeploymentRecovery }) {
  const { exists } = props.recovery;
  const t = useText();
  if (exists.length === 0) {
    return <p className={styles.reason}>{t('run.recovery.nothing')}</p>;
  }
  return (
    <>
      <p className={styles.reason}>{t('run.recovery.exists')}</p>
      <ul className={styles.ways}>
        {exists.map(({ id, name, type, state, error }) => (
          <li key={id} className={styles.way}>
            <span>
              {type} &quot;{name}&quot;
            </span>
            <ResourceStateTag state={state} detail={error} />
          </li>
        ))}
      </ul>
    </>
  );
}
