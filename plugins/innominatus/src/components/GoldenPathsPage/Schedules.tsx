import { useApi } from '@backstage/frontend-plugin-api';
import { Schedule } from '@innominatus/backstage-plugin-innominatus-common';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { collectPages } from '../../lib/collectPages';
import { useText } from '../../translation';
import {
  ErrorState,
  PersonLink,
  RelativeTime,
  RunLink,
  ScrollArea,
  StatusTag,
} from '../shared';
import { ScheduleActions } from './ScheduleActions';
import styles from './GoldenPathsPage.module.css';

const LIMIT = 200;
const REFRESH_MS = 30_000;

/** What is started by itself: when next, and what came of the last time. */
export function Schedules(props: { text: string }) {
  const api = useApi(innominatusApiRef);
  const t = useText();
  const query = useQuery({
    key: 'schedules',
    load: signal =>
      collectPages(cursor =>
        api.listSchedules({ limit: LIMIT, cursor, signal }),
      ),
    pollMs: schedules => (schedules.length > 0 ? REFRESH_MS : undefined),
  });
  const shown = query.data?.filter(schedule => matches(schedule, props.text));
  if (query.status !== 'error' && !shown?.length) {
    return null;
  }
  const title = t('schedules.title');
  return (
    <section aria-label={title}>
      <h2 className={styles.category}>{title}</h2>
      {query.status === 'error' && (
        <ErrorState error={query.error} onRetry={query.reload} />
      )}
      {shown && shown.length > 0 && (
        <ScrollArea label={title} className={styles.tableArea}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('schedules.columns.name')}</th>
                <th scope="col">{t('schedules.columns.when')}</th>
                <th scope="col">{t('schedules.columns.next')}</th>
                <th scope="col">{t('schedules.columns.last')}</th>
                <th scope="col">{t('schedules.columns.lastRun')}</th>
                <th scope="col">{t('schedules.columns.actions')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(schedule => (
                <ScheduleRow
                  key={schedule.name}
                  schedule={schedule}
                  onChange={query.reload}
                />
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </section>
  );
}

function ScheduleRow(props: { schedule: Schedule; onChange: () => void }) {
  const { schedule, onChange } = props;
  const { last, lastRun, name, title } = schedule;
  const t = useText();
  return (
    <tr>
      <th scope="row">{title ?? name}</th>
      <td>
        <div className={styles.cell}>
          <code>{schedule.cron}</code>
          <span className={styles.small}>{schedule.timezone}</span>
        </div>
      </td>
      <td>
        <NextTime schedule={schedule} />
      </td>
      <td>
        {last ? (
          <div className={styles.cell}>
            <span>
              {t(`schedules.outcomes.${last.outcome}`)}{' '}
              <RelativeTime time={last.at} />
            </span>
            {last.message && (
              <span className={styles.small}>{last.message}</span>
            )}
          </div>
        ) : (
          t('schedules.none')
        )}
      </td>
      <td>
        {lastRun ? (
          <div className={styles.cell}>
            <RunLink runId={lastRun.id}>
              {t('schedules.run', { number: String(lastRun.number) })}
            </RunLink>
            <StatusTag status={lastRun.status} />
          </div>
        ) : (
          t('schedules.none')
        )}
      </td>
      <td>
        <ScheduleActions schedule={schedule} onChange={onChange} />
      </td>
    </tr>
  );
}

function NextTime(props: { schedule: Schedule }) {
  const { enabled, nextTimes, paused } = props.schedule;
  const t = useText();
  if (paused) {
    return (
      <div className={styles.cell}>
        <span>
          {t('schedules.paused')} <PersonLink person={paused.by} />
        </span>
        <span className={styles.small}>
          <RelativeTime time={paused.at} />
        </span>
      </div>
    );
  }
  if (nextTimes.length === 0) {
    return <>{t(enabled ? 'schedules.never' : 'schedules.disabled')}</>;
  }
  return <RelativeTime time={nextTimes[0]} />;
}

function matches(schedule: Schedule, text: string): boolean {
  const needle = text.trim().toLowerCase();
  return [schedule.name, schedule.title ?? ''].some(value =>
    value.toLowerCase().includes(needle),
  );
}
