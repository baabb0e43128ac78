import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Cell, ColumnConfig, Link } from '@backstage/ui';
import { Resource } from '@innominatus/backstage-plugin-innominatus-common';
import { resourceRouteRef } from '../../routes';
import { Text, useText } from '../../translation';
import { DataTable, RelativeTime } from '../shared';
import { ResourceStateTag } from './ResourceStateTag';
import styles from './ResourcesPage.module.css';

/** Resources in rows; each leads to its page. */
export function ResourcesTable(props: { resources: Resource[] }) {
  const t = useText();
  const link = useRouteRef(resourceRouteRef);
  const linkTo = (resource: Resource) => link?.({ resourceId: resource.id });
  return (
    <DataTable
      columnConfig={columnsOf(t, linkTo)}
      data={props.resources}
      // The keyboard reaches rows first: Enter has to open them.
      rowConfig={{ getHref: linkTo }}
    />
  );
}

function columnsOf(
  t: Text,
  linkTo: (resource: Resource) => string | undefined,
): ColumnConfig<Resource>[] {
  return [
    {
      id: 'resource',
      label: t('resources.columns.resource'),
      isRowHeader: true,
      cell: item => (
        <Cell>
          <div className={styles.cell}>
            <Link href={linkTo(item)} weight="bold">
              {t('resources.title', { type: item.type, name: item.name })}
            </Link>
            <span className={styles.small}>
              {[
                item.class === 'default'
                  ? undefined
                  : t('plan.class', { name: item.class }),
                item.shared ? t('resources.shared') : undefined,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </div>
        </Cell>
      ),
    },
    {
      id: 'state',
      label: t('resources.columns.state'),
      cell: item => (
        <Cell>
          <div className={styles.cell}>
            <ResourceStateTag state={item.state} />
            {item.error && (
              <span className={styles.small}>{item.error.split('\n')[0]}</span>
            )}
          </div>
        </Cell>
      ),
    },
    {
      id: 'environment',
      label: t('resources.columns.environment'),
      cell: item => <Cell>{item.environment}</Cell>,
    },
    {
      id: 'workload',
      label: t('resources.columns.workload'),
      cell: item => <Cell>{item.workload}</Cell>,
    },
    {
      id: 'management',
      label: t('resources.columns.management'),
      cell: item => <Cell>{t(`resources.management.${item.management}`)}</Cell>,
    },
    {
      id: 'provider',
      label: t('resources.columns.provider'),
      cell: item => (
        <Cell>
          {item.provider
            ? `${item.provider.name} ${item.provider.version}`
            : '–'}
        </Cell>
      ),
    },
    {
      id: 'updated',
      label: t('resources.columns.updated'),
      cell: item => (
        <Cell>
          <RelativeTime time={item.updatedAt} />
        </Cell>
      ),
    },
  ];
}
