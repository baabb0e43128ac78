import { ProviderSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { ScrollArea } from '../shared';
import styles from './ProvidersPage.module.css';

type ResourceType = ProviderSummary['resourceTypes'][number];

/** What a provider knows to provide, and where. */
export function ResourceTypesTable(props: { provider: ProviderSummary }) {
  const { name, title = name, resourceTypes } = props.provider;
  const t = useText();
  return (
    <ScrollArea
      className={styles.tableArea}
      label={`${t('providers.types')}: ${title}`}
    >
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('providers.type')}</th>
            <th scope="col">{t('resources.columns.management')}</th>
            <th scope="col">{t('providers.operations')}</th>
            <th scope="col">{t('providers.outputs')}</th>
            <th scope="col">{t('providers.environments')}</th>
          </tr>
        </thead>
        <tbody>
          {resourceTypes.map(item => (
            <Row
              key={`${item.type}.${item.class ?? ''}#${item.id ?? ''} ${item.environments} ${item.environmentTypes}`}
              item={item}
            />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Row(props: { item: ResourceType }) {
  const { item } = props;
  const t = useText();
  const places = [
    ...item.environments,
    ...item.environmentTypes.map(name => t('providers.ofType', { name })),
  ];
  return (
    <tr>
      <th scope="row">
        <div className={styles.cell}>
          <span>
            {item.type}
            {item.class && `.${item.class}`}
            {item.id && `#${item.id}`}
          </span>
          {item.aliases.length > 0 && (
            <span className={styles.small}>
              {t('providers.aliases', { names: item.aliases.join(', ') })}
            </span>
          )}
          {item.description && (
            <span className={styles.small}>{item.description}</span>
          )}
        </div>
      </th>
      <td>{t(`resources.management.${item.management}`)}</td>
      <td>
        {item.operations
          .map(operation => t(`providers.operation.${operation}`))
          .join(', ') || t('providers.none')}
      </td>
      <td className={styles.mono}>
        {item.outputs
          .map(({ name, sensitive }) =>
            sensitive ? t('providers.secret', { name }) : name,
          )
          .join(', ') || t('providers.none')}
      </td>
      <td>{places.join(', ') || t('providers.anyEnvironment')}</td>
    </tr>
  );
}
