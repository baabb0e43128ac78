import { Resource } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import {
  ActionButton,
  ErrorState,
  ListSkeleton,
  Panel,
  RunLink,
} from '../shared';
import styles from './Drift.module.css';
import { DriftActions } from './DriftActions';
import { DriftChanges } from './DriftChanges';
import { DriftStatusTag } from './DriftStatusTag';
import { useDrift } from './useDrift';

export interface ResourceDriftPanelProps {
  resource: Resource;
  /** The resource itself may be another one after it. */
  onChanged: () => void;
}

/** Whether the resource is as recorded, and what can be done if it is not. */
export function ResourceDriftPanel(props: ResourceDriftPanelProps) {
  const { resource, onChanged } = props;
  const t = useText();
  const application = {
    environment: resource.environment,
    name: resource.workload,
  };
  const { query, check, checking, checkError } = useDrift({
    ...application,
    resource: resource.uid,
  });
  const { data } = query;
  const drift = data?.resources.find(item => item.id === resource.id);
  // Of what is shared the application that declared it may be gone by now.
  if (query.status === 'error' && statusOf(query.error) === 404) {
    return null;
  }
  return (
    <Panel title={t('drift.title')}>
      {query.status === 'error' && (
        <ErrorState error={query.error} onRetry={query.reload} />
      )}
      {query.status === 'loading' && <ListSkeleton rows={1} />}
      {data && (
        <div className={styles.line}>
          {drift ? (
            <DriftStatusTag drift={drift} />
          ) : (
            <span>{t('drift.never')}</span>
          )}
          <ActionButton
            size="small"
            variant="secondary"
            allowed={data.allowedActions.check}
            isPending={checking}
            onPress={check}
          >
            {t('drift.check')}
          </ActionButton>
        </div>
      )}
      {checkError && (
        <ErrorState title={t('drift.checkFailed')} error={checkError} />
      )}
      {drift?.message && <p className={styles.text}>{drift.message}</p>}
      {drift && drift.changes.length > 0 && (
        <DriftChanges changes={drift.changes} />
      )}
      {drift?.runId && (
        <span>
          <RunLink runId={drift.runId}>{t('drift.lookedBy')}</RunLink>
        </span>
      )}
      {data && drift && (
        <DriftActions
          application={application}
          resource={resource}
          item={drift}
          allowedActions={data.allowedActions}
          onChanged={() => {
            query.reload();
            onChanged();
          }}
        />
      )}
    </Panel>
  );
}

function statusOf(error: Error): unknown {
  return (error as { status?: unknown }).status;
}
