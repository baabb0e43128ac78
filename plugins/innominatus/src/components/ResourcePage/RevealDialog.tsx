import { useApi } from '@backstage/frontend-plugin-api';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  TextField,
} from '@backstage/ui';
import { useEffect, useRef, useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useText } from '../../translation';
import { CopyButton, ErrorState } from '../shared';
import styles from './ResourcePage.module.css';

const LONGEST_REASON = 500;

export interface RevealDialogProps {
  resourceId: string;
  output: string;
  onClose: () => void;
}

/** Asks why, then shows a secret until the dialog is closed. */
export function RevealDialog(props: RevealDialogProps) {
  const { resourceId, output, onClose } = props;
  const api = useApi(innominatusApiRef);
  const t = useText();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const [value, setValue] = useState<string>();
  const shown = useRef<HTMLDivElement>(null);

  // The button that was pressed is gone; the focus must not go with it.
  useEffect(() => {
    if (value !== undefined) {
      shown.current?.focus();
    }
  }, [value]);

  const reveal = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const answer = await api.revealResourceOutput(resourceId, {
        output,
        reason: reason.trim(),
      });
      setValue(answer.value);
    } catch (failure) {
      setError(failure as Error);
    }
    setBusy(false);
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
        {t('resources.reveal.title', { name: output })}
      </DialogHeader>
      <DialogBody>
        <div className={styles.dialog}>
          <p className={styles.text}>{t('resources.reveal.text')}</p>
          {value === undefined ? (
            <TextField
              label={t('resources.reveal.reason')}
              description={t('resources.reveal.reasonHint')}
              isRequired
              value={reason}
              onChange={setReason}
              maxLength={LONGEST_REASON}
            />
          ) : (
            <div
              ref={shown}
              className={styles.secret}
              role="group"
              tabIndex={-1}
              aria-label={t('resources.reveal.value')}
            >
              <code className={styles.mono}>{value}</code>
              <CopyButton name={t('resources.reveal.valueName')} text={value} />
            </div>
          )}
          {error && (
            <ErrorState title={t('resources.reveal.failed')} error={error} />
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        {value === undefined && (
          <Button
            variant="primary"
            isPending={busy}
            isDisabled={reason.trim() === ''}
            onPress={reveal}
          >
            {t('resources.reveal.confirm')}
          </Button>
        )}
        <Button variant="secondary" onPress={onClose}>
          {t(
            value === undefined
              ? 'resources.reveal.back'
              : 'resources.reveal.close',
          )}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
