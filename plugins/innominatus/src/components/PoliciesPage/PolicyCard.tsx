import { PolicyDefinition } from '@innominatus/backstage-plugin-innominatus-common';
import { PropsWithChildren } from 'react';
import { useText } from '../../translation';
import { PersonLink, StatusTag } from '../shared';
import styles from './PoliciesPage.module.css';
import { RulesTable } from './RulesTable';
import { demandTexts, selectorTexts } from './policyText';

/** A policy: when it is asked, what it asks for, and where it is written. */
export function PolicyCard(props: { policy: PolicyDefinition }) {
  const { policy } = props;
  const { name, title = name, description, owner, source, line } = policy;
  const t = useText();
  const selectors = selectorTexts(policy.appliesTo, t);
  const demands = demandTexts(policy, t);
  return (
    <article className={styles.card} aria-label={title}>
      <div className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {title !== name && <code className={styles.mono}>{name}</code>}
        <span className={styles.tier}>
          {t(`policies.tiers.${policy.tier}`)}
        </span>
        <StatusTag
          status={policy.enforcement === 'deny' ? 'cancelled' : 'degraded'}
          word={t(`policies.enforcement.${policy.enforcement}`)}
        />
      </div>
      {description && <p className={styles.text}>{description}</p>}
      <dl className={styles.facts}>
        {owner && (
          <Fact label={t('policies.owner')}>
            <PersonLink person={owner} />
          </Fact>
        )}
        <Fact label={t('policies.appliesTo')}>
          <Lines
            texts={
              selectors.length > 0 ? selectors : [t('policies.everything')]
            }
          />
        </Fact>
        {demands.length > 0 && (
          <Fact label={t('policies.demands')}>
            <Lines texts={demands} />
          </Fact>
        )}
        {source && (
          <Fact label={t('policies.source')}>
            <span className={styles.mono}>
              {t('policies.sourceAt', { file: source, line: String(line) })}
            </span>
          </Fact>
        )}
      </dl>
      {policy.rules.length > 0 && <RulesTable policy={policy} />}
    </article>
  );
}

function Fact(props: PropsWithChildren<{ label: string }>) {
  return (
    <>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

function Lines(props: { texts: string[] }) {
  return (
    <ul className={styles.list}>
      {props.texts.map(text => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
