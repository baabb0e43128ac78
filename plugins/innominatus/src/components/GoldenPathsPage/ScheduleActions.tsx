import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { Schedule } from '@innominatus/backstage-plugin-innominatus-common';
import { useState } from 'react';
import { innominatusApiRef } from '../../api';
import { useText } from '../../translation';
import { ActionButton } from '../shared';
import styles from './GoldenPathsPage.module.css';

const TOAST_MS = 5000;

/** Holds a schedule, lets it go on, or starts a run of it at once. */
export function ScheduleActions(props: {
  schedule: Schedule;
  onChange: () => void;
}) {
  const { schedule, onChange } = props;
  const { allowedActions, paused } = schedule;
  const api = useApi(innominatusApiRef);
  const toastApi = useApi(toastApiRef);
  const t = useText();
  const [busy, setBusy] = useState<'hold' | 'trigger'>();
  const name = schedule.title ?? schedule.name;
  const verb = paused ? 'resume' : 'pause';

  const ask = async (
    what: 'hold' | 'trigger',
    options: { call: () => Promise<string>; failed: string },
  ) => {
    setBusy(what);
    try {
      toastApi.post({
        status: 'info',
        timeout: TOAST_MS,
        title: await options.call(),
      });
    } catch (failure) {
      toastApi.post({
        status: 'danger',
        title: options.failed,
        description: (failure as Error).message,
      });
    } finally {
      setBusy(undefined);
      onChange();
    }
  };

  const hold = async () => {
    await (paused
      ? api.resumeSchedule(schedule.name)
      : api.pauseSchedule(schedule.name));
    return t(`schedules.${verb}.done`, { name });
  };
  const trigger = async () => {
    const run = await api.triggerSchedule(schedule.name);
    return t('schedules.trigger.done', { number: String(run.number) });
  };

  return (
    <div className={styles.actions}>
      <ActionButton
        variant="secondary"
        aria-label={t('schedules.trigger.named', { name })}
        allowed={allowedActions.trigger}
        isPending={busy === 'trigger'}
        onPress={() =>
          ask('trigger', {
            call: trigger,
            failed: t('schedules.trigger.failed'),
          })
        }
      >
        {t('schedules.trigger.action')}
      </ActionButton>
      <ActionButton
        variant="secondary"
        aria-label={t(`schedules.${verb}.named`, { name })}
        allowed={allowedActions[verb]}
        isPending={busy === 'hold'}
        onPress={() =>
          ask('hold', { call: hold, failed: t(`schedules.${verb}.failed`) })
        }
      >
        {t(`schedules.${verb}.action`)}
      </ActionButton>
    </div>
  );
}
