import { useRouteRef } from '@backstage/frontend-plugin-api';
import { ButtonLink } from '@backstage/ui';
import { ProviderSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { formatAbsoluteTime } from '../../lib/relativeTime';
import { impactRouteRef } from '../../routes';
import { useText } from '../../translation';
import { DiagnosticList, Panel, PersonLink, StatusTag } from '../shared';
import styles from './ProvidersPage.module.css';
import { ResourceTypesTable } from './ResourceTypesTable';

/** A provider: whether its files are sound, and what it provides. */
export function ProviderCard(props: { provider: ProviderSummary }) {
  const { provider } = props;
  const { name, title = name, version, owner, source, problems } = provider;
  const t = useText();
  return (
    <article className={styles.card} aria-label={title}>
      <div className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {title !== name && <code className={styles.mono}>{name}</code>}
        {version && <span>{version}</span>}
        <ProviderState provider={provider} />
        <TryOut provider={provider} />
      </div>
      {provider.description && (
        <p className={styles.text}>{provider.description}</p>
      )}
      <dl className={styles.facts}>
        {owner && (
          <>
            <dt>{t('providers.owner')}</dt>
            <dd>
              <PersonLink person={owner} />
            </dd>
          </>
        )}
        {source && (
          <>
            <dt>{t('providers.source')}</dt>
            <dd className={styles.mono}>{source}</dd>
          </>
        )}
      </dl>
      {problems.length > 0 && (
        <Panel title={t('providers.problems')}>
          <DiagnosticList issues={problems} withFile />
        </Panel>
      )}
      {provider.resourceTypes.length > 0 && (
        <ResourceTypesTable provider={provider} />
      )}
    </article>
  );
}

function TryOut(props: { provider: ProviderSummary }) {
  const { name, title = name, source } = props.provider;
  const t = useText();
  const link = useRouteRef(impactRouteRef);
  const file = source ? `?${new URLSearchParams({ file: source })}` : '';
  return link ? (
    <ButtonLink
      className={styles.tryOut}
      size="small"
      variant="secondary"
      aria-label={t('impact.openNamed', { name: title })}
      href={`${link({ subject: 'providers' })}${file}`}
    >
      {t('impact.open')}
    </ButtonLink>
  ) : null;
}

function ProviderState(props: { provider: ProviderSummary }) {
  const { problems, state, lastGoodAt } = props.provider;
  const t = useText();
  if (state === 'refused') {
    return <StatusTag status="failed" word={t('providers.refused')} />;
  }
  if (state === 'lastGood') {
    const word = lastGoodAt
      ? t('providers.lastGoodOf', { time: formatAbsoluteTime(lastGoodAt) })
      : t('providers.lastGood');
    return <StatusTag status="degraded" word={word} />;
  }
  return problems.every(({ severity }) => severity !== 'error') ? (
    <StatusTag status="succeeded" word={t('providers.inUse')} />
  ) : (
    <StatusTag status="degraded" word={t('providers.conflict')} />
  );
}
