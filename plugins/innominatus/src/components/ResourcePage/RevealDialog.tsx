import { useApi } from '@backstage/frontend-plugin-api';
import { TextField } from '@backstage/ui';
import { useEffect, useRef, useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useAttempt } from '../../hooks';
import { useText } from '../../translation';
import { ConfirmDialog, CopyButton } from '../shared';
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
  const { busy, error, attempt } = useAttempt();
  const [value, setValue] = useState<string>();
  const shown = useRef<HTMLDivElement>(null);

  // The button that was pressed is gone; the focus must not go with it.
  useEffect(() => {
    if (value !== undefined) {
      shown.current?.focus();
    }
  }, [value]);

  const reveal = () =>
    attempt(async () => {
      const answer = await api.revealResourceOutput(resourceId, {
        output,
        reason: reason.trim(),
      });
      setValue(answer.value);
    });

  return (
    <ConfirmDialog
      title={t('resources.reveal.title', { name: output })}
      confirm={
        value === undefined
          ? {
              label: t('resources.reveal.confirm'),
              isPending: busy,
              isDisabled: reason.trim() === '',
            }
          : undefined
      }
      back={t(
        value === undefined
          ? 'resources.reveal.back'
          : 'resources.reveal.close',
      )}
      failure={error && { title: t('resources.reveal.failed'), error }}
      onConfirm={reveal}
      onClose={onClose}
    >
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
    </ConfirmDialog>
  );
}
