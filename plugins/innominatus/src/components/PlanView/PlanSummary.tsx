import {
  Plan,
  PlanAction,
} from '@innominatus/backstage-plugin-innominatus-common';
import { formatLength } from '../../lib/duration';
import { useText } from '../../translation';
import { CopyButton, PersonLink, RelativeTime } from '../shared';
import { ActionTag } from './ActionTag';
import styles from './PlanView.module.css';

const SHORT_HASH_LENGTH = 8;

const ACTIONS: PlanAction[] = ['create', 'update', 'keep', 'delete'];

/** Numbers of the plan, how long it takes, and until when it holds. */
export function PlanSummary(props: { plan: Plan }) {
  const { plan } = props;
  const t = useText();
  return (
    <>
      <ul className={styles.summary}>
        {ACTIONS.map(action => (
          <li key={action}>
            <ActionTag action={action} none={plan.summary[action] === 0}>
              {t(`plan.count.${action}`, {
                number: String(plan.summary[action]),
              })}
            </ActionTag>
          </li>
        ))}
        <li>
          {t('plan.estimate', {
            duration: formatLength(plan.estimatedSeconds * 1000),
          })}
        </li>
      </ul>
      <div className={styles.facts}>
        <span className={styles.fact}>
          {t('plan.goldenPath', { name: plan.goldenPath.name })}
        </span>
        <span className={styles.fact}>
          {t('plan.by')} <PersonLink person={plan.createdBy} />
        </span>
        <span className={styles.fact}>
          {t('plan.validFor')} <RelativeTime time={plan.expiresAt} />
        </span>
        <span className={styles.fact}>
          {t('plan.hash')}{' '}
          <span className={styles.mono}>
            {plan.hash.slice(0, SHORT_HASH_LENGTH)}
          </span>
          <CopyButton name={t('plan.hashName')} text={plan.hash} />
        </span>
      </div>
    </>
  );
}
