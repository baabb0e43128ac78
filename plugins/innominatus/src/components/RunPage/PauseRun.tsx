import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { Run } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useText } from '../../translation';
import { ActionButton } from '../shared';

const TOAST_MS = 5000;

/** Holds a run back before its next step, or lets it go on. */
export function PauseRun(props: { run: Run }) {
  const { run } = props;
  const api = useApi(innominatusApiRef);
  const toastApi = useApi(toastApiRef);
  const t = useText();
  const [busy, setBusy] = useState(false);
  const number = String(run.number);
  const paused = run.waiting?.kind === 'paused';
  const verb = paused ? 'resume' : 'pause';

  const ask = async () => {
    setBusy(true);
    try {
      await (paused ? api.resumeRun(run.id) : api.pauseRun(run.id));
      toastApi.post({
        status: 'info',
        timeout: TOAST_MS,
        title: t(`run.${verb}.done`, { number }),
      });
    } catch (failure) {
      toastApi.post({
        status: 'danger',
        title: t(`run.${verb}.failed`),
        description: (failure as Error).message,
      });
    } finally {
      setBusy(false);
    }
  };

  return (
    <ActionButton
      variant="secondary"
      allowed={run.allowedActions[verb]}
      isPending={busy}
      onPress={ask}
    >
      {t(`run.${verb}.action`)}
    </ActionButton>
  );
}
