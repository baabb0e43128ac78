import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Cell, ColumnConfig, Link } from '@backstage/ui';
import { Approval } from '@innominatus/backstage-plugin-innominatus-common';
import { planRouteRef, runRouteRef } from '../../routes';
import { Text, useText } from '../../translation';
import { ApprovalStateTag, approvalTitle } from '../Approvals';
import { DataTable, PersonLink, RelativeTime } from '../shared';
import styles from './ApprovalsPage.module.css';

/** Approvals in rows; each leads to its step or plan, where it can be decided. */
export function ApprovalsTable(props: { approvals: Approval[] }) {
  const t = useText();
  const run = useRouteRef(runRouteRef);
  const plan = useRouteRef(planRouteRef);
  const linkTo = (approval: Approval) =>
    approval.run && approval.step
      ? run &&
        `${run({ runId: approval.run.id })}?${new URLSearchParams({ step: approval.step.name })}`
      : plan &&
        approval.plan &&
        `${plan({ planId: approval.plan.id })}?${new URLSearchParams({ approval: approval.id })}`;
  return (
    <DataTable
      columnConfig={columnsOf(t, linkTo)}
      data={props.approvals}
      // The keyboard reaches rows first: Enter has to open them.
      rowConfig={{ getHref: linkTo }}
    />
  );
}

function columnsOf(
  t: Text,
  linkTo: (approval: Approval) => string | undefined,
): ColumnConfig<Approval>[] {
  return [
    {
      id: 'step',
      label: t('approvals.columns.step'),
      isRowHeader: true,
      cell: item => (
        <Cell>
          <div className={styles.cell}>
            <Link href={linkTo(item)} weight="bold">
              {approvalTitle(item, t)}
            </Link>
            {item.message && <span>{item.message}</span>}
          </div>
        </Cell>
      ),
    },
    {
      id: 'run',
      label: t('approvals.columns.run'),
      cell: item => (
        <Cell>
          <div className={styles.cell}>
            {item.run && (
              <span>{t('run.title', { number: String(item.run.number) })}</span>
            )}
            <span className={styles.small}>
              {item.application
                ? `${item.application.environment}/${item.application.name}`
                : (item.run?.title ??
                  item.run?.goldenPath ??
                  item.run?.workflow)}
            </span>
          </div>
        </Cell>
      ),
    },
    {
      id: 'state',
      label: t('approvals.columns.state'),
      cell: item => (
        <Cell>
          <ApprovalStateTag state={item.state} />
        </Cell>
      ),
    },
    {
      id: 'given',
      label: t('approvals.columns.given'),
      cell: ({ state, quorum, missing }) => (
        <Cell>
          {state === 'pending' ? `${quorum - missing}/${quorum}` : '–'}
        </Cell>
      ),
    },
    {
      id: 'requester',
      label: t('approvals.columns.requester'),
      cell: item => (
        <Cell>
          <PersonLink person={item.requester} />
        </Cell>
      ),
    },
    {
      id: 'asked',
      label: t('approvals.columns.asked'),
      cell: item => (
        <Cell>
          <RelativeTime time={item.requestedAt} />
        </Cell>
      ),
    },
    {
      id: 'until',
      label: t('approvals.columns.until'),
      cell: ({ state, expiresAt }) => (
        <Cell>
          {state === 'pending' && expiresAt ? (
            <RelativeTime time={expiresAt} />
          ) : (
            '–'
          )}
        </Cell>
      ),
    },
  ];
}
