import { Cell, ColumnConfig } from '@backstage/ui';
import { useState } from 'react';
import { EnvironmentRow } from '../../hooks';
import { Workload } from '../../lib/workload';
import { Text, useText } from '../../translation';
import { DataTable, ErrorState } from '../shared';
import styles from './DeploymentsTab.module.css';
import { EnvironmentActions } from './EnvironmentActions';
import { EnvironmentName } from './EnvironmentName';
import { EnvironmentStatus } from './EnvironmentStatus';
import { ImageName } from './ImageName';
import { LastChange } from './LastChange';

type Item = EnvironmentRow & { id: string };

export interface EnvironmentsTableProps {
  rows: EnvironmentRow[];
  workload: Workload;
  /** Without them nothing can be planned, as with a broken Score spec. */
  actions: boolean;
}

/** One row for each environment, in the order of the platform team. */
export function EnvironmentsTable(props: EnvironmentsTableProps) {
  const { rows, workload, actions } = props;
  const t = useText();
  const [failure, setFailure] = useState<{
    environment: string;
    error: Error;
  }>();
  const columns = columnsOf(t);
  if (actions) {
    columns.push({
      id: 'actions',
      label: t('deployments.columns.actions'),
      cell: item => (
        <Cell>
          <EnvironmentActions
            row={item}
            before={rows[rows.findIndex(isAt(item)) - 1]}
            workload={workload}
            onError={error =>
              setFailure(
                error && {
                  environment: item.environment.title ?? item.environment.name,
                  error,
                },
              )
            }
          />
        </Cell>
      ),
    });
  }
  return (
    <>
      {failure && (
        <ErrorState
          title={t('deployments.failed', { environment: failure.environment })}
          error={failure.error}
        />
      )}
      <DataTable
        hasActions={actions}
        columnConfig={columns}
        data={rows.map(row => ({ ...row, id: row.environment.name }))}
      />
    </>
  );
}

function columnsOf(t: Text): ColumnConfig<Item>[] {
  return [
    {
      id: 'environment',
      label: t('deployments.columns.environment'),
      isRowHeader: true,
      cell: item => (
        <Cell>
          <EnvironmentName environment={item.environment} />
        </Cell>
      ),
    },
    {
      id: 'version',
      label: t('deployments.columns.version'),
      cell: item => (
        <Cell>
          <span className={styles.version}>
            <ImageName image={item.application?.version ?? '–'} />
          </span>
        </Cell>
      ),
    },
    {
      id: 'status',
      label: t('deployments.columns.status'),
      cell: item => (
        <Cell>
          <EnvironmentStatus application={item.application} />
        </Cell>
      ),
    },
    {
      id: 'lastChange',
      label: t('deployments.columns.lastChange'),
      cell: item => (
        <Cell>
          {item.application?.lastDeployment ? (
            <LastChange deployment={item.application.lastDeployment} />
          ) : (
            '–'
          )}
        </Cell>
      ),
    },
  ];
}

function isAt(item: Item) {
  return (row: EnvironmentRow) =>
    row.environment.name === item.environment.name;
}
