import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  TextField,
} from '@backstage/ui';
import {
  AllowedAction,
  DeploymentSummary,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useText } from '../../translation';
import { ActionButton, ConfirmButton, ErrorState } from '../shared';
import styles from './DeploymentsTab.module.css';

const TOAST_MS = 5000;
const LONGEST_REASON = 500;

export interface WithdrawDeploymentProps {
  deployment: DeploymentSummary;
  allowed: AllowedAction;
  onWithdrawn: () => void;
}

/** Takes a deployment back that waits for approval. */
export function WithdrawDeployment(props: WithdrawDeploymentProps) {
  const { deployment, allowed } = props;
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <ActionButton
        size="small"
        variant="secondary"
        allowed={allowed}
        aria-label={t('deployments.withdraw.named', {
          environment: deployment.environment,
          number: String(deployment.number),
        })}
        onPress={() => setOpen(true)}
      >
        {t('deployments.withdraw.action')}
      </ActionButton>
      {open && <WithdrawDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function WithdrawDialog(
  props: WithdrawDeploymentProps & { onClose: () => void },
) {
  const { deployment, onWithdrawn, onClose } = props;
  const api = useApi(innominatusApiRef);
  const toastApi = useApi(toastApiRef);
  const t = useText();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const number = String(deployment.number);

  const withdraw = async () => {
    setBusy(true);
    try {
      const given = reason.trim();
      await api.cancelDeployment(deployment.id, given ? { reason: given } : {});
      toastApi.post({
        status: 'info',
        timeout: TOAST_MS,
        title: t('deployments.withdraw.done', { number }),
      });
      onClose();
      onWithdrawn();
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
      <DialogHeader>{t('deployments.withdraw.title', { number })}</DialogHeader>
      <DialogBody>
        <div className={styles.root}>
          <span>{t('deployments.withdraw.text')}</span>
          <TextField
            label={t('deployments.withdraw.reason')}
            description={t('deployments.withdraw.reasonHint')}
            value={reason}
            onChange={setReason}
            maxLength={LONGEST_REASON}
          />
          {error && (
            <ErrorState
              title={t('deployments.withdraw.failed')}
              error={error}
            />
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        <ConfirmButton destructive isPending={busy} onPress={withdraw}>
          {t('deployments.withdraw.action')}
        </ConfirmButton>
        <Button variant="secondary" onPress={onClose}>
          {t('deployments.withdraw.back')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
