import {
  EntityInfoCard,
  useEntity,
  useEntityRefLink,
} from '@backstage/plugin-catalog-react';
import { Link } from '@backstage/ui';
import { useMemo } from 'react';
import { useDeployments } from '../../hooks';
import { workloadOf } from '../../lib/workload';
import { useText } from '../../translation';
import { EnvironmentName, EnvironmentStatus } from '../DeploymentsTab';
import { ErrorState, ListSkeleton, RelativeTime } from '../shared';
import styles from './DeploymentStatusCard.module.css';

/** One line for each environment, on the overview of a component. */
export function DeploymentStatusCard() {
  const { entity } = useEntity();
  const workload = useMemo(() => workloadOf(entity), [entity]);
  const t = useText();
  const entityLink = useEntityRefLink();
  const query = useDeployments(workload);
  return (
    <EntityInfoCard
      title={t('deployments.cardTitle')}
      footerActions={
        <Link href={`${entityLink(entity)}/deployments`}>
          {t('deployments.cardLink')}
        </Link>
      }
    >
      {query.status === 'error' && (
        <ErrorState error={query.error} onRetry={query.reload} />
      )}
      {query.status === 'loading' && <ListSkeleton rows={3} />}
      {query.data?.length === 0 && (
        <span>{t('deployments.noEnvironmentsTitle')}</span>
      )}
      {query.data && query.data.length > 0 && (
        <ul className={styles.list}>
          {query.data.map(row => (
            <li key={row.environment.name} className={styles.row}>
              <EnvironmentName environment={row.environment} />
              <EnvironmentStatus application={row.application} />
              <span className={styles.time}>
                {row.application?.lastDeployment && (
                  <RelativeTime
                    time={row.application.lastDeployment.createdAt}
                  />
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </EntityInfoCard>
  );
}
