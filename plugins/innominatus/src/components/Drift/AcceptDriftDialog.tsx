import { useApi } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  TextField,
} from '@backstage/ui';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useText } from '../../translation';
import { ConfirmButton, ErrorState } from '../shared';
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
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();

  const accept = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await api.acceptApplicationDrift(application, {
        ...(resource ? { resource: resource.uid } : {}),
        version,
        reason: reason.trim(),
      });
      onAccepted();
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
      <DialogHeader>
        {t('drift.accept.title', {
          name: resource?.name ?? t('drift.accept.manifestsName'),
        })}
      </DialogHeader>
      <DialogBody>
        <div className={styles.dialog}>
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
          {error && (
            <ErrorState title={t('drift.accept.failed')} error={error} />
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        <ConfirmButton
          isPending={busy}
          isDisabled={reason.trim().length < SHORTEST_REASON}
          onPress={accept}
        >
          {t('drift.accept.confirm')}
        </ConfirmButton>
        <Button variant="secondary" onPress={onClose}>
          {t('drift.accept.back')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
