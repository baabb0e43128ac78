import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Cell, ColumnConfig, Link } from '@backstage/ui';
import { RunSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { useNow } from '../../hooks';
import { durationMs, formatDuration } from '../../lib/duration';
import { isMoving } from '../../lib/status';
import { runRouteRef } from '../../routes';
import { Text, useText } from '../../translation';
import { DataTable, PersonLink, RelativeTime, StatusTag } from '../shared';
import styles from './RunsPage.module.css';

const TICK_MS = 1000;

export function RunsTable(props: { runs: RunSummary[] }) {
  const { runs } = props;
  const t = useText();
  const link = useRouteRef(runRouteRef);
  const now = useNow(
    TICK_MS,
    runs.some(run => isMoving(run.status)),
  );
  return (
    <DataTable
      columnConfig={columnsOf({
        t,
        now,
        linkTo: run => link?.({ runId: run.id }),
      })}
      data={runs}
      // The keyboard reaches rows first: Enter has to open them.
      rowConfig={{ getHref: run => link?.({ runId: run.id }) }}
    />
  );
}

interface ColumnsOptions {
  t: Text;
  now: number;
  linkTo: (run: RunSummary) => string | undefined;
}

function columnsOf(options: ColumnsOptions): ColumnConfig<RunSummary>[] {
  const { t, now, linkTo } = options;
  return [
    {
      id: 'run',
      label: t('runs.columns.run'),
      isRowHeader: true,
      cell: run => (
        <Cell>
          <div className={styles.cell}>
            <Link href={linkTo(run)} weight="bold">
              {t('run.title', { number: String(run.number) })}
            </Link>
            <span>{run.title ?? run.goldenPath ?? run.workflow}</span>
            {run.parentRun && (
              <span className={styles.small}>
                {t('runs.nested', { step: run.parentRun.step })}
              </span>
            )}
          </div>
        </Cell>
      ),
    },
    {
      id: 'application',
      label: t('runs.columns.application'),
      cell: run => (
        <Cell>
          {run.application
            ? `${run.application.environment}/${run.application.name}`
            : '–'}
        </Cell>
      ),
    },
    {
      id: 'status',
      label: t('runs.columns.status'),
      cell: run => (
        <Cell>
          <div className={styles.cell}>
            <StatusTag
              status={run.status}
              word={run.waiting?.approval && t('approvals.state.pending')}
              detail={placeOf(run, t)}
            />
            {run.failure && (
              <span className={styles.small}>
                {run.failure.step && `${run.failure.step}: `}
                {run.failure.error.message.split('\n')[0]}
              </span>
            )}
          </div>
        </Cell>
      ),
    },
    {
      id: 'started',
      label: t('runs.columns.started'),
      cell: run => (
        <Cell>
          <RelativeTime time={run.startedAt ?? run.createdAt} />
        </Cell>
      ),
    },
    {
      id: 'duration',
      label: t('runs.columns.duration'),
      cell: run => <Cell>{lengthOf(run, now)}</Cell>,
    },
    {
      id: 'initiator',
      label: t('runs.columns.initiator'),
      cell: run => (
        <Cell>
          <PersonLink person={run.initiator} />
        </Cell>
      ),
    },
  ];
}

function placeOf(run: RunSummary, t: Text): string | undefined {
  switch (run.status) {
    case 'running':
      return t('common.duration.step', {
        done: String(Math.min(run.stepsDone + 1, run.stepsTotal)),
        total: String(run.stepsTotal),
      });
    case 'waiting':
    case 'queued':
      return run.waiting?.message;
    default:
      return undefined;
  }
}

function lengthOf(run: RunSummary, now: number): string {
  const length = durationMs(run, now);
  return length === undefined ? '–' : formatDuration(length);
}
