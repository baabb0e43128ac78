import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { TextField } from '@backstage/ui';
import {
  AllowedAction,
  DeploymentSummary,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useAttempt } from '../../hooks';
import { useText } from '../../translation';
import { ActionButton, ConfirmDialog } from '../shared';

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
  const { busy, error, attempt } = useAttempt();
  const number = String(deployment.number);

  const withdraw = () =>
    attempt(async () => {
      const given = reason.trim();
      await api.cancelDeployment(deployment.id, given ? { reason: given } : {});
      toastApi.post({
        status: 'info',
        timeout: TOAST_MS,
        title: t('deployments.withdraw.done', { number }),
      });
      onClose();
      onWithdrawn();
    });

  return (
    <ConfirmDialog
      title={t('deployments.withdraw.title', { number })}
      confirm={{
        label: t('deployments.withdraw.action'),
        destructive: true,
        isPending: busy,
      }}
      back={t('deployments.withdraw.back')}
      failure={error && { title: t('deployments.withdraw.failed'), error }}
      onConfirm={withdraw}
      onClose={onClose}
    >
      <span>{t('deployments.withdraw.text')}</span>
      <TextField
        label={t('deployments.withdraw.reason')}
        description={t('deployments.withdraw.reasonHint')}
        value={reason}
        onChange={setReason}
        maxLength={LONGEST_REASON}
      />
    </ConfirmDialog>
  );
}
