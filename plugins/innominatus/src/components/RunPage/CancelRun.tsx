import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  TextField,
} from '@backstage/ui';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useText } from '../../translation';
import { ActionButton, ConfirmButton, ErrorState } from '../shared';
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
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const number = String(run.number);
  const done = run.steps.filter(step => step.status === 'succeeded');

  const cancel = async () => {
    setBusy(true);
    try {
      await api.cancelRun(run.id, reason ? { reason } : {});
      toastApi.post({
        status: 'info',
        timeout: TOAST_MS,
        title: t('run.cancel.done', { number }),
      });
      onClose();
    } catch (failure) {
      setError(failure as Error);
      setBusy(false);
    }
  };

  return (
    <Dialog
      isOpen
      isDismissable
      width={560}
      onOpenChange={isOpen => {
        if (!isOpen) {
          onClose();
        }
      }}
    >
      <DialogHeader>{t('run.cancel.title', { number })}</DialogHeader>
      <DialogBody>
        <div className={styles.root}>
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
          {error && <ErrorState title={t('run.cancel.failed')} error={error} />}
        </div>
      </DialogBody>
      <DialogFooter>
        <ConfirmButton destructive isPending={busy} onPress={cancel}>
          {t('run.cancel.confirm')}
        </ConfirmButton>
        <Button variant="secondary" onPress={onClose}>
          {t('run.cancel.keep')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
