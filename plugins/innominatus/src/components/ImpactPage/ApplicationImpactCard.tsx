import { useRouteRef } from '@backstage/frontend-plugin-api';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { Link } from '@backstage/ui';
import { ApplicationImpact } from '@innominatus/backstage-plugin-innominatus-common';
import { resourcesRouteRef } from '../../routes';
import { useText } from '../../translation';
import { PersonLink } from '../shared';
import { GoldenPathChange } from './GoldenPathChange';
import styles from './ImpactPage.module.css';
import { ResourceChange } from './ResourceChange';

/** One application, and each of its resources that would change. */
export function ApplicationImpactCard(props: {
  application: ApplicationImpact;
}) {
  const { environment, name, owner, entityRef, resources, goldenPath } =
    props.application;
  const t = useText();
  const entityLink = useEntityRefLink();
  const resourcesLink = useRouteRef(resourcesRouteRef);
  const title = t('impact.application', { environment, name });
  return (
    <article className={styles.card} aria-label={title}>
      <div className={styles.head}>
        <h4 className={styles.title}>
          {entityRef ? (
            <Link href={`${entityLink(entityRef)}/deployments`} weight="bold">
              {title}
            </Link>
          ) : (
            title
          )}
        </h4>
        {owner && <PersonLink person={owner} />}
      </div>
      {goldenPath && <GoldenPathChange change={goldenPath} />}
      {resources.map(resource => (
        <ResourceChange
          key={resource.uid}
          change={resource}
          href={
            resourcesLink &&
            `${resourcesLink()}?${new URLSearchParams({
              environment,
              workload: name,
              type: resource.type,
            })}`
          }
        />
      ))}
    </article>
  );
}
