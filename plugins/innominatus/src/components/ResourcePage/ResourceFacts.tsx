import { Resource } from '@innominatus/backstage-plugin-innominatus-common';
import { PropsWithChildren } from 'react';
import { useText } from '../../translation';
import { ResourceStateTag } from '../ResourcesPage';
import { CopyButton, RelativeTime, RunLink } from '../shared';
import styles from './ResourcePage.module.css';

/** The resource in a few words. */
export function ResourceFacts(props: { resource: Resource }) {
  const { resource } = props;
  const t = useText();
  return (
    <dl className={styles.facts}>
      <Fact name={t('resources.columns.state')}>
        <ResourceStateTag state={resource.state} />
      </Fact>
      <Fact name={t('resources.columns.environment')}>
        {resource.environment}
      </Fact>
      <Fact name={t('resources.columns.workload')}>
        {resource.workload}
        {resource.shared && ` (${t('resources.shared')})`}
      </Fact>
      <Fact name={t('resources.columns.management')}>
        {t(`resources.management.${resource.management}`)} (
        {t(`resources.managementText.${resource.management}`)})
      </Fact>
      {resource.provider && (
        <Fact name={t('resources.columns.provider')}>
          {resource.provider.name} {resource.provider.version}
        </Fact>
      )}
      <Fact name={t('resources.created')}>
        <RelativeTime time={resource.createdAt} />
      </Fact>
      <Fact name={t('resources.columns.updated')}>
        <RelativeTime time={resource.updatedAt} />
      </Fact>
      {resource.runId && (
        <Fact name={t('resources.run')}>
          <RunLink runId={resource.runId}>{t('resources.openRun')}</RunLink>
        </Fact>
      )}
      <Fact name={t('resources.uid')}>
        <span className={styles.mono}>{resource.uid}</span>
        <CopyButton name={t('resources.uidName')} text={resource.uid} />
      </Fact>
    </dl>
  );
}

function Fact(props: PropsWithChildren<{ name: string }>) {
  return (
    <div className={styles.fact}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
