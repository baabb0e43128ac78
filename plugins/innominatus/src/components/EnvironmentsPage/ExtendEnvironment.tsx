import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import { Environment } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useAttempt } from '../../hooks';
import { useText } from '../../translation';
import { ActionButton, ConfirmDialog } from '../shared';
import styles from './EnvironmentsPage.module.css';

const LENGTHS = ['4h', '1d', '3d', '7d'] as const;
type Length = (typeof LENGTHS)[number];
const TOAST_MS = 5000;

export interface ExtendEnvironmentProps {
  environment: Environment;
  onExtended: () => void;
}

/** Lets a short-lived environment live longer. */
export function ExtendEnvironment(props: ExtendEnvironmentProps) {
  const { environment } = props;
  const { name, title = name } = environment;
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <ActionButton
        size="small"
        variant="primary"
        aria-label={t('environments.extend.named', { name: title })}
        allowed={environment.allowedActions?.extend ?? { allowed: true }}
        onPress={() => setOpen(true)}
      >
        {t('environments.extend.action')}
      </ActionButton>
      {open && <ExtendDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function ExtendDialog(props: ExtendEnvironmentProps & { onClose: () => void }) {
  const { environment, onExtended, onClose } = props;
  const { name, title = name } = environment;
  const api = useApi(innominatusApiRef);
  const toastApi = useApi(toastApiRef);
  const t = useText();
  const [by, setBy] = useState<Length>('1d');
  const { busy, error, attempt } = useAttempt();

  const extend = () =>
    attempt(async () => {
      await api.extendEnvironment(name, { by });
      toastApi.post({
        status: 'success',
        timeout: TOAST_MS,
        title: t('environments.extend.done', { name: title }),
      });
      onClose();
      onExtended();
    });

  return (
    <ConfirmDialog
      title={t('environments.extend.title', { name: title })}
      confirm={{ label: t('environments.extend.action'), isPending: busy }}
      back={t('environments.extend.back')}
      failure={error && { title: t('environments.extend.failed'), error }}
      onConfirm={extend}
      onClose={onClose}
    >
      <p className={styles.text}>{t('environments.extend.text')}</p>
      <Select
        label={t('environments.extend.by')}
        options={LENGTHS.map(length => ({
          id: length,
          label: t(`environments.extend.options.${length}`),
        }))}
        value={by}
        onChange={value => setBy(value as Length)}
      />
    </ConfirmDialog>
  );
}
