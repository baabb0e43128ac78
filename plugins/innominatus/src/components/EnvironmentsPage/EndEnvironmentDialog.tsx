import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { TextField } from '@backstage/ui';
import { ResourceState } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useAttempt, useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { isProduction } from '../../lib/environments';
import { useText } from '../../translation';
import { ConfirmDialog, ErrorState, ListSkeleton } from '../shared';
import type { EndEnvironmentProps } from './EndEnvironment';
import styles from './EnvironmentsPage.module.css';
import { EnvironmentContent } from './EnvironmentContent';

const TOAST_MS = 5000;
const LONGEST_REASON = 500;
const LIMIT = 200;
/** All but those that are gone. */
const THERE: ResourceState[] = [
  'requested',
  'provisioning',
  'active',
  'updating',
  'degraded',
  'terminating',
  'failed',
];

/** Shows what goes away with an environment, and asks why it does. */
export function EndEnvironmentDialog(
  props: EndEnvironmentProps & { onClose: () => void },
) {
  const { environment, onEnded, onClose } = props;
  const { name, title = name } = environment;
  const api = useApi(innominatusApiRef);
  const toastApi = useApi(toastApiRef);
  const t = useText();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const { busy, error, attempt } = useAttempt();
  const query = useQuery({
    key: `end ${name}`,
    load: async signal => {
      const list = { environment: [name], limit: LIMIT, signal };
      const [{ version = '*' }, applications, resources] = await Promise.all([
        api.getEnvironmentVersion(name, { signal }),
        collectPages(cursor => api.listApplications({ ...list, cursor })),
        collectPages(cursor =>
          api.listResources({ ...list, state: THERE, cursor }),
        ),
      ]);
      return { version, applications, resources };
    },
  });
  const content = query.data;
  const asksName = isProduction(environment);

  const end = (version: string) =>
    attempt(async () => {
      const given = reason.trim();
      try {
        await api.deleteEnvironment(name, {
          version,
          ...(given ? { reason: given } : {}),
        });
      } catch (failure) {
        // What was shown may be true no more.
        query.reload();
        throw failure;
      }
      toastApi.post({
        status: 'info',
        timeout: TOAST_MS,
        title: t('environments.end.done', { name: title }),
      });
      onClose();
      onEnded();
    });

  return (
    <ConfirmDialog
      title={t('environments.end.title', { name: title })}
      confirm={{
        label: t('environments.end.confirm'),
        destructive: true,
        isPending: busy,
        isDisabled: !content || (asksName && typed.trim() !== name),
      }}
      back={t('environments.end.back')}
      failure={error && { title: t('environments.end.failed'), error }}
      onConfirm={() => content && end(content.version)}
      onClose={onClose}
    >
      {query.status === 'loading' && <ListSkeleton rows={2} />}
      {query.status === 'error' && (
        <ErrorState error={query.error} onRetry={query.reload} />
      )}
      {content && <EnvironmentContent {...content} />}
      {asksName && (
        <TextField
          label={t('environments.end.typeName')}
          description={t('environments.end.typeNameHint', { name })}
          isRequired
          value={typed}
          onChange={setTyped}
        />
      )}
      <TextField
        label={t('environments.end.reason')}
        description={t('environments.end.reasonHint')}
        value={reason}
        onChange={setReason}
        maxLength={LONGEST_REASON}
      />
      <p className={styles.text}>{t('environments.end.text')}</p>
    </ConfirmDialog>
  );
}
