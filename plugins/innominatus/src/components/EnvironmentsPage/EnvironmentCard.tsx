import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Alert, Link } from '@backstage/ui';
import {
  Environment,
  activeFreeze,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useEffect, useRef } from 'react';
import { useNow } from '../../hooks';
import { isProduction } from '../../lib/environments';
import { formatAbsoluteTime } from '../../lib/relativeTime';
import { resourcesRouteRef, runsRouteRef } from '../../routes';
import { useText } from '../../translation';
import { RelativeTime, StatusTag } from '../shared';
import { EndEnvironment } from './EndEnvironment';
import { EnvironmentFacts } from './EnvironmentFacts';
import styles from './EnvironmentsPage.module.css';
import { ExtendEnvironment } from './ExtendEnvironment';

const REFRESH_MS = 30_000;

export interface EnvironmentCardProps {
  environment: Environment;
  /** It was made just now: the reader is taken to it. */
  isNew?: boolean;
  onChange: () => void;
}

/** An environment with what a person wants to know before deploying to it. */
export function EnvironmentCard(props: EnvironmentCardProps) {
  const { environment, isNew, onChange } = props;
  const { name, title = name, type, expiresAt, state } = environment;
  const t = useText();
  const now = useNow(REFRESH_MS);
  const frozen = activeFreeze(environment.freezes, now);
  const runs = useRouteRef(runsRouteRef);
  const resources = useRouteRef(resourcesRouteRef);
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isNew) {
      card.current?.focus();
    }
  }, [isNew]);
  const query = new URLSearchParams({ environment: name });
  return (
    <article
      ref={card}
      tabIndex={isNew ? -1 : undefined}
      className={styles.card}
      data-production={isProduction(environment) || undefined}
      aria-label={title}
    >
      <div className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {title.toLowerCase() !== name && (
          <code className={styles.mono}>{name}</code>
        )}
        <span className={styles.type}>{type}</span>
        {state === 'removing' && (
          <StatusTag status="running" word={t('environments.removing')} />
        )}
        {expiresAt && state !== 'removing' && (
          <span>
            {t('environments.expires')} <RelativeTime time={expiresAt} />
          </span>
        )}
      </div>
      {environment.description && (
        <p className={styles.text}>{environment.description}</p>
      )}
      {frozen && (
        <Alert
          status="warning"
          icon
          title={t('environments.frozenTitle', { reason: frozen.reason })}
          description={t('environments.frozenText', {
            until: formatAbsoluteTime(new Date(frozen.until).toISOString()),
          })}
        />
      )}
      <EnvironmentFacts environment={environment} />
      <div className={styles.actions}>
        {expiresAt && (
          <ExtendEnvironment environment={environment} onExtended={onChange} />
        )}
        {state && (
          <EndEnvironment environment={environment} onEnded={onChange} />
        )}
        {runs && (
          <Link
            href={`${runs()}?${query}`}
            aria-label={t('environments.runsOf', { name: title })}
          >
            {t('environments.runs')}
          </Link>
        )}
        {resources && (
          <Link
            href={`${resources()}?${query}`}
            aria-label={t('environments.resourcesOf', { name: title })}
          >
            {t('environments.resources')}
          </Link>
        )}
      </div>
    </article>
  );
}
