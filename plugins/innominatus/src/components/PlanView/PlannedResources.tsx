import {
  Plan,
  PlannedResource,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { Panel, formatJsonValue } from '../shared';
import { ActionTag } from './ActionTag';
import styles from './PlanView.module.css';

/** Every resource of the plan with what changes about it. */
export function PlannedResources(props: { plan: Plan }) {
  const { resources } = props.plan;
  const t = useText();
  return (
    <Panel title={`${t('plan.resources')} (${resources.length})`}>
      {resources.length === 0 ? (
        <span>{t('plan.resourcesEmpty')}</span>
      ) : (
        <ul className={styles.items}>
          {resources.map(resource => (
            <li key={resource.uid} className={styles.item}>
              <ResourceHead resource={resource} />
              {resource.changes.length > 0 && (
                <ResourceChanges resource={resource} />
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function ResourceHead(props: { resource: PlannedResource }) {
  const { resource } = props;
  const t = useText();
  return (
    <div className={styles.head}>
      <ActionTag action={resource.action}>
        {t(`plan.action.${resource.action}`)}
      </ActionTag>
      <strong>
        {resource.type} "{resource.name}"
      </strong>
      {resource.class !== 'default' && (
        <span>{t('plan.class', { name: resource.class })}</span>
      )}
      {resource.shared && <span>{t('plan.shared')}</span>}
      {resource.management && (
        <span>{t(`plan.management.${resource.management}`)}</span>
      )}
      {resource.provider && (
        <span>
          {t('plan.provider', {
            name: resource.provider.name,
            version: resource.provider.version,
          })}
        </span>
      )}
    </div>
  );
}

function ResourceChanges(props: { resource: PlannedResource }) {
  const { changes, action } = props.resource;
  const t = useText();
  const write = (value: PlannedResource['changes'][number]['before']) =>
    formatJsonValue(value, t('plan.secret'), t('plan.empty'));
  return (
    <dl className={styles.changes}>
      {changes.map(change => (
        <div key={change.path} style={{ display: 'contents' }}>
          <dt>{change.path}</dt>
          <dd>
            {action === 'create'
              ? write(change.after)
              : `${write(change.before)} → ${write(change.after)}`}
          </dd>
        </div>
      ))}
    </dl>
  );
}
