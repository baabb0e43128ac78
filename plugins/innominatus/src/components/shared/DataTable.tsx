import { Table, TableItem, TableProps } from '@backstage/ui';
import { CSSProperties } from 'react';
import styles from './shared.module.css';

const COLUMN_REM = 9;
/** What a column with buttons needs more. */
const ACTIONS_REM = 7;

export interface DataTableProps<T extends TableItem> extends Pick<
  TableProps<T>,
  'columnConfig' | 'data' | 'rowConfig'
> {
  /** What a column needs at least, in rem. */
  columnRem?: number;
  /** The last column holds buttons beside each other. */
  hasActions?: boolean;
}

/** All rows at once; scrolls sideways before words are broken into letters. */
export function DataTable<T extends TableItem>(props: DataTableProps<T>) {
  const { columnRem = COLUMN_REM, hasActions = false, ...table } = props;
  const width = {
    '--table-min': `${columnRem * table.columnConfig.length + (hasActions ? ACTIONS_REM : 0)}rem`,
  };
  return (
    <Table
      {...table}
      className={hasActions ? styles.tableWithActions : styles.table}
      style={width as CSSProperties}
      pagination={{ type: 'none' }}
    />
  );
}
