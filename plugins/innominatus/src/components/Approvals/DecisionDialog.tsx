import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { TextField } from '@backstage/ui';
import { Approval } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useAttempt } from '../../hooks';
import { useText } from '../../translation';
import { ConfirmDialog } from '../shared';
import styles from './Approvals.module.css';
import { approvalTitle } from './approvalTitle';

const TOAST_MS = 5000;
const LONGEST_REASON = 500;

export type Decision = 'approve' | 'reject';

export interface DecisionDialogProps {
  approval: Approval;
  decision: Decision;
  onClose: () => void;
  onDecided?: () => void;
}

/** Says what the decision does, and asks for the reason. */
export function DecisionDialog(props: DecisionDialogProps) {
  const { approval, decision, onClose, onDecided } = props;
  const api = useApi(innominatusApiRef);
  const toastApi = useApi(toastApiRef);
  const t = useText();
  const [reason, setReason] = useState('');
  const { busy, error, attempt } = useAttempt();
  const step = approvalTitle(approval, t);
  const incomplete = approval.reasonRequired && reason.trim() === '';

  const decide = () =>
    attempt(async () => {
      await api.decideApproval(approval.id, {
        decision,
        ...(approval.plan ? { planHash: approval.plan.hash } : {}),
        ...(reason.trim() ? { reason: reason.trim() } : {}),
      });
      toastApi.post({
        status: 'info',
        timeout: TOAST_MS,
        title: t(`approvals.dialog.${decision}.done`, { step }),
      });
      onClose();
      onDecided?.();
    });

  return (
    <ConfirmDialog
      title={t(`approvals.dialog.${decision}.title`, { step })}
      confirm={{
        label: t(`approvals.dialog.${decision}.action`),
        destructive: decision === 'reject',
        isPending: busy,
        isDisabled: incomplete,
      }}
      back={t('approvals.dialog.back')}
      failure={
        error && { title: t(`approvals.dialog.${decision}.failed`), error }
      }
      onConfirm={decide}
      onClose={onClose}
    >
      {approval.message && (
        <p className={styles.question}>{approval.message}</p>
      )}
      <p className={styles.text}>
        {t(
          approval.plan
            ? `approvals.dialog.${decision}.planText`
            : `approvals.dialog.${decision}.text`,
        )}
      </p>
      <TextField
        label={t('approvals.dialog.reason')}
        description={t(
          approval.reasonRequired
            ? 'approvals.dialog.reasonRequired'
            : 'approvals.dialog.reasonHint',
        )}
        isRequired={approval.reasonRequired}
        value={reason}
        onChange={setReason}
        maxLength={LONGEST_REASON}
      />
    </ConfirmDialog>
  );
}
