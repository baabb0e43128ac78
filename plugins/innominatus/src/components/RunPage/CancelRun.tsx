import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { TextField } from '@backstage/ui';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useAttempt } from '../../hooks';
import { useText } from '../../translation';
import { ActionButton, ConfirmDialog } from '../shared';
import styles from './RunPage.module.css';

const TOAST_MS = 5000;

/** Cancels a run after saying what stays behind. */
export function CancelRun(props: { run: Run }) {
  const { run } = props;
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <ActionButton
        variant="secondary"
        allowed={run.allowedActions.cancel}
        onPress={() => setOpen(true)}
      >
        {t('run.cancel.action')}
      </ActionButton>
      {open && <CancelDialog run={run} onClose={() => setOpen(false)} />}
    </>
  );
}

function CancelDialog(props: { run: Run; onClose: () => void }) {
  const { run, onClose } = props;
  const api = useApi(innominatusApiRef);
  const toastApi = useApi(toastApiRef);
  const t = useText();
  const [reason, setReason] = useState('');
  const { busy, error, attempt } = useAttempt();
  const number = String(run.number);
  const done = run.steps.filter(step => step.status === 'succeeded');

  const cancel = () =>
    attempt(async () => {
      await api.cancelRun(run.id, reason ? { reason } : {});
      toastApi.post({
        status: 'info',
        timeout: TOAST_MS,
        title: t('run.cancel.done', { number }),
      });
      onClose();
    });

  return (
    <ConfirmDialog
      title={t('run.cancel.title', { number })}
      confirm={{
        label: t('run.cancel.confirm'),
        destructive: true,
        isPending: busy,
      }}
      back={t('run.cancel.keep')}
      failure={error && { title: t('run.cancel.failed'), error }}
      onConfirm={cancel}
      onClose={onClose}
    >
      <p className={styles.reason}>{t('run.cancel.text')}</p>
      {done.length === 0 ? (
        <p className={styles.reason}>{t('run.cancel.nothing')}</p>
      ) : (
        <ul>
          {done.map(step => (
            <li key={step.name}>{step.title ?? step.name}</li>
          ))}
        </ul>
      )}
      <TextField
        label={t('run.cancel.reason')}
        description={t('run.cancel.reasonHint')}
        value={reason}
        onChange={setReason}
        maxLength={500}
      />
    </ConfirmDialog>
  );
}
