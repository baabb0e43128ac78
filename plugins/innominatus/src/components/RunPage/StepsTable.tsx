import { Cell, ColumnConfig, Link } from '@backstage/ui';
import { Run, RunStep } from '@innominatus/backstage-plugin-innominatus-common';
import { Text, useText } from '../../translation';
import { DataTable, StatusTag } from '../shared';
import { itemsByStep, progressOf } from './items';
import styles from './RunPage.module.css';
import { stepStatusDetail } from './statusDetail';
import { RunViewControl } from './useRunView';

type Item = RunStep & { id: string };

export interface StepsTableProps {
  run: Run;
  selected?: string;
  control: RunViewControl;
  now: number;
}

/** The graph in rows: the same steps, states and links. */
export function StepsTable(props: StepsTableProps) {
  const { run } = props;
  const t = useText();
  return (
    <DataTable
      columnRem={6}
      columnConfig={columnsOf({ ...props, t })}
      data={run.steps.map(step => ({ ...step, id: step.name }))}
      // The keyboard reaches rows first: Enter has to open them.
      rowConfig={{
        getHref: step => props.control.linkTo({ step: step.name }),
      }}
    />
  );
}

function columnsOf(
  options: StepsTableProps & { t: Text },
): ColumnConfig<Item>[] {
  const { run, selected, control, now, t } = options;
  const itemsOf = itemsByStep(run);
  return [
    {
      id: 'step',
      label: t('run.table.step'),
      isRowHeader: true,
      cell: step => (
        <Cell className={step.parent && styles.itemCell}>
          <Link
            href={control.linkTo({ step: step.name })}
            weight={step.name === selected ? 'bold' : 'regular'}
            aria-current={step.name === selected ? 'true' : undefined}
          >
            {step.title ?? step.name}
          </Link>
        </Cell>
      ),
    },
    {
      id: 'status',
      label: t('run.table.status'),
      cell: step => {
        const items = itemsOf.get(step.name);
        return (
          <Cell>
            <StatusTag
              status={step.status}
              detail={
                items ? progressOf(items) : stepStatusDetail(step, now, t)
              }
            />
          </Cell>
        );
      },
    },
    {
      id: 'type',
      label: t('run.table.type'),
      cell: step => <Cell>{step.type}</Cell>,
    },
    {
      id: 'attempt',
      label: t('run.table.attempt'),
      cell: step => <Cell>{step.attempt || '–'}</Cell>,
    },
    {
      id: 'dependsOn',
      label: t('run.table.dependsOn'),
      cell: step => <Cell>{step.dependsOn.join(', ') || '–'}</Cell>,
    },
  ];
}
