import { useApi } from '@backstage/frontend-plugin-api';
import { Alert, Container, Header } from '@backstage/ui';
import {
  Resource,
  ResourceState,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useParams } from 'react-router-dom';
import { innominatusApiRef } from '../../api';
import { useQuery } from '../../hooks';
import { statusOfResource } from '../../lib/resourceState';
import { isMoving } from '../../lib/status';
import { useText } from '../../translation';
import { ResourceDriftPanel } from '../Drift';
import {
  ErrorState,
  JsonValues,
  ListSkeleton,
  OutsideLink,
  Panel,
} from '../shared';
import { ResourceFacts } from './ResourceFacts';
import { ResourceHealthPanel } from './ResourceHealthPanel';
import { ResourceHints } from './ResourceHints';
import { ResourceOutputs } from './ResourceOutputs';
import styles from './ResourcePage.module.css';
import { ResourceTransitions } from './ResourceTransitions';

const POLL_MS = 5_000;
/** In these states health and drift are looked at. */
const IN_USE: ResourceState[] = ['active', 'degraded'];

/** One resource: how it is, what it gives, and how it came to be so. */
export function ResourcePage() {
  const { resourceId = '' } = useParams();
  const api = useApi(innominatusApiRef);
  const t = useText();
  const query = useQuery({
    key: `resource ${resourceId}`,
    load: signal => api.getResource(resourceId, { signal }),
    pollMs: resource =>
      isMoving(statusOfResource(resource.state)) ? POLL_MS : undefined,
  });
  const resource = query.data;
  return (
    <main>
      <Header
        title={
          resource
            ? t('resources.title', { type: resource.type, name: resource.name })
            : t('resources.page')
        }
      />
      <Container pb="6">
        {query.status === 'error' && (
          <ErrorState error={query.error} onRetry={query.reload} />
        )}
        {query.status === 'loading' && <ListSkeleton rows={6} />}
        {resource && <Content resource={resource} onChanged={query.reload} />}
      </Container>
    </main>
  );
}

function Content(props: { resource: Resource; onChanged: () => void }) {
  const { resource, onChanged } = props;
  const t = useText();
  return (
    <div className={styles.root}>
      {resource.error && (
        <Alert
          role="alert"
          status="danger"
          icon
          title={t('resources.errorTitle')}
          description={resource.error}
        />
      )}
      {resource.waitingFor && (
        <Alert
          role="status"
          status="info"
          icon
          title={t('resources.waitingTitle')}
          description={resource.waitingFor.message}
          customActions={<OutsideLink link={resource.waitingFor.link} />}
        />
      )}
      <ResourceFacts resource={resource} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <ResourceHints hints={resource.hints} />
          <ResourceOutputs resource={resource} />
          <Panel title={t('resources.params')}>
            {Object.keys(resource.params).length > 0 ? (
              <JsonValues values={resource.params} />
            ) : (
              <span>{t('resources.noParams')}</span>
            )}
          </Panel>
        </div>
        <div className={styles.column}>
          {IN_USE.includes(resource.state) && (
            <>
              <ResourceHealthPanel resource={resource} onChecked={onChanged} />
              <ResourceDriftPanel
                // A change of the resource ends what was found before it.
                key={`${resource.id} ${resource.updatedAt}`}
                resource={resource}
                onChanged={onChanged}
              />
            </>
          )}
          <ResourceTransitions
            // A change of the state is a new line of its history.
            key={`${resource.id} ${resource.state} ${resource.updatedAt}`}
            resourceId={resource.id}
          />
        </div>
      </div>
    </div>
  );
}
