import {
  Environment,
  parseDuration,
} from '@innominatus/backstage-plugin-innominatus-common';
import { PropsWithChildren } from 'react';
import { formatLength } from '../../lib/duration';
import { Text, useText } from '../../translation';
import { PersonLink } from '../shared';
import styles from './EnvironmentsPage.module.css';

/** Where an environment delivers to, its rules and its limits. */
export function EnvironmentFacts(props: { environment: Environment }) {
  const { environment } = props;
  const { owner, quotas, freezes, variables, ephemeral, copyOf, concurrency } =
    environment;
  const t = useText();
  return (
    <dl className={styles.facts}>
      <Fact name={t('environments.target')}>{targetOf(environment, t)}</Fact>
      {owner && (
        <Fact name={t('environments.owner')}>
          <PersonLink person={owner} />
        </Fact>
      )}
      <Rules environment={environment} />
      {quotas && (
        <Fact name={t('environments.quotas')}>
          {quotasOf(quotas, t).join(', ')}
        </Fact>
      )}
      {concurrency !== undefined && (
        <Fact name={t('environments.concurrency')}>{concurrency}</Fact>
      )}
      {freezes && freezes.length > 0 && (
        <Fact name={t('environments.freezes')}>
          <ul className={styles.list}>
            {freezes.map((freeze, index) => (
              <li key={index}>
                {freeze.cron === undefined
                  ? t('environments.freezeOnce', {
                      from: freeze.from ?? '',
                      to: freeze.to ?? '',
                      reason: freeze.reason,
                    })
                  : t('environments.freezeAgain', {
                      cron: freeze.cron,
                      duration: durationText(freeze.duration),
                      timezone: freeze.timezone,
                      reason: freeze.reason,
                    })}
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {variables && Object.keys(variables).length > 0 && (
        <Fact name={t('environments.variables')}>
          <ul className={styles.list}>
            {Object.entries(variables).map(([key, value]) => (
              <li key={key} className={styles.mono}>
                {key}={String(value)}
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {ephemeral && (
        <Fact name={t('environments.ephemeral')}>
          {ephemeral.ttl
            ? t('environments.ephemeralText', {
                ttl: durationText(ephemeral.ttl),
                maxTtl: durationText(ephemeral.maxTtl ?? ephemeral.ttl),
              })
            : t('environments.ephemeralOpen')}
        </Fact>
      )}
      {copyOf && (
        <Fact name={t('environments.copyOf')}>
          {t('environments.copyOfText', {
            environment: copyOf.environment,
            what: purposeOf(copyOf, t),
          })}
        </Fact>
      )}
    </dl>
  );
}

function Rules(props: { environment: Environment }) {
  const { deployers, approval } = props.environment.rules ?? {};
  const t = useText();
  return (
    <>
      <Fact name={t('environments.deployers')}>
        {deployers ? <People refs={deployers} /> : t('environments.everybody')}
      </Fact>
      {approval && (
        <Fact name={t('environments.approval')}>
          {t('environments.quorum', { count: approval.quorum })}{' '}
          {approval.approvers && <People refs={approval.approvers} />}
        </Fact>
      )}
    </>
  );
}

function People(props: { refs: string[] }) {
  const t = useText();
  return (
    <span className={styles.people}>
      {props.refs.map(ref =>
        ref === 'owner' ? (
          <span key={ref}>{t('environments.ofOwner')}</span>
        ) : (
          <PersonLink key={ref} person={ref} />
        ),
      )}
    </span>
  );
}

function Fact(props: PropsWithChildren<{ name: string }>) {
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

function targetOf({ target }: Environment, t: Text): string {
  switch (target.type) {
    case 'kubernetes':
      return target.cluster
        ? t('environments.targets.cluster', {
            cluster: target.cluster,
            namespace: target.namespace,
          })
        : t('environments.targets.kubernetes', {
            namespace: target.namespace,
          });
    case 'folder':
      return t('environments.targets.folder', { path: target.path });
    case 'git':
      return t('environments.targets.git', {
        repository: target.repository,
        branch: target.branch,
        path: target.path,
      });
    default:
      return t('environments.targets.simulate');
  }
}

function quotasOf(
  quotas: NonNullable<Environment['quotas']>,
  t: Text,
): string[] {
  const { applications, resources, resourcesByType = {} } = quotas;
  return [
    ...(applications === undefined
      ? []
      : [t('environments.quota.applications', { count: applications })]),
    ...(resources === undefined
      ? []
      : [t('environments.quota.resources', { count: resources })]),
    ...Object.entries(resourcesByType).map(([type, count]) =>
      t('environments.quota.ofType', { number: String(count), type }),
    ),
  ];
}

function purposeOf(
  { branch, pullRequest, project }: NonNullable<Environment['copyOf']>,
  t: Text,
): string {
  return [
    project,
    branch && t('environments.branch', { name: branch }),
    pullRequest !== undefined &&
      t('environments.pullRequest', { number: String(pullRequest) }),
  ]
    .filter(Boolean)
    .join(', ');
}

function durationText(duration: string | undefined): string {
  const ms = parseDuration(duration);
  return ms === undefined ? (duration ?? '') : formatLength(ms);
}
