import { useApi } from '@backstage/frontend-plugin-api';
import { TextField } from '@backstage/ui';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useAttempt } from '../../hooks';
import { useText } from '../../translation';
import { ConfirmDialog } from '../shared';
import styles from './Drift.module.css';

const SHORTEST_REASON = 3;
const LONGEST_REASON = 500;

export interface AcceptDriftDialogProps {
  application: { environment: string; name: string };
  /** The manifests of the application without it. */
  resource?: { uid: string; name: string };
  /** Of what was found. */
  version: string;
  onAccepted: () => void;
  onClose: () => void;
}

/** Asks why, then makes what is there the record. */
export function AcceptDriftDialog(props: AcceptDriftDialogProps) {
  const { application, resource, version, onAccepted, onClose } = props;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const [reason, setReason] = useState('');
  const { busy, error, attempt } = useAttempt();

  const accept = () =>
    attempt(async () => {
      await api.acceptApplicationDrift(application, {
        ...(resource ? { resource: resource.uid } : {}),
        version,
        reason: reason.trim(),
      });
      onAccepted();
      onClose();
    });

  return (
    <ConfirmDialog
      title={t('drift.accept.title', {
        name: resource?.name ?? t('drift.accept.manifestsName'),
      })}
      confirm={{
        label: t('drift.accept.confirm'),
        isPending: busy,
        isDisabled: reason.trim().length < SHORTEST_REASON,
      }}
      back={t('drift.accept.back')}
      failure={error && { title: t('drift.accept.failed'), error }}
      onConfirm={accept}
      onClose={onClose}
    >
      <p className={styles.text}>
        {t(resource ? 'drift.accept.text' : 'drift.accept.manifestsText')}
      </p>
      <TextField
        label={t('drift.accept.reason')}
        description={t('drift.accept.reasonHint')}
        isRequired
        value={reason}
        onChange={setReason}
        maxLength={LONGEST_REASON}
      />
    </ConfirmDialog>
  );
}
