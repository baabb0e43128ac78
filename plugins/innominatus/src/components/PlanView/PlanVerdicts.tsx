import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Alert, ButtonLink } from '@backstage/ui';
import {
  Plan,
  PlanCost,
  PolicyResult,
} from '@innominatus/backstage-plugin-innominatus-common';
import { policiesRouteRef } from '../../routes';
import { useText } from '../../translation';
import { Panel, PersonLink } from '../shared';
import styles from './PlanView.module.css';

const STATUS = { pass: 'success', warn: 'warning', deny: 'danger' } as const;

/** What policies, the budget and experience say about a plan. */
export function PlanVerdicts(props: { plan: Plan }) {
  const { policies, cost, warnings, approval } = props.plan;
  const t = useText();
  return (
    <>
      {approval && (
        <Alert
          status="info"
          icon
          title={t('plan.needsApproval', { quorum: String(approval.quorum) })}
          description={
            approval.approvers ? (
              <span className={styles.facts}>
                {approval.approvers.map(ref => (
                  <PersonLink key={ref} person={ref} />
                ))}
              </span>
            ) : undefined
          }
        />
      )}
      {warnings.length > 0 && (
        <Panel title={t('plan.warnings')}>
          <ul className={styles.notes}>
            {warnings.map(({ code, message }) => (
              <li key={`${code} ${message}`}>{message}</li>
            ))}
          </ul>
        </Panel>
      )}
      {policies.length > 0 && <Policies policies={policies} />}
      {cost && <Cost cost={cost} />}
    </>
  );
}

function Policies(props: { policies: PolicyResult[] }) {
  const t = useText();
  const link = useRouteRef(policiesRouteRef);
  return (
    <Panel title={t('plan.policies')}>
      {props.policies.map(({ name, result, rule, message }) => (
        <Alert
          // Several rules of the same policy can be broken.
          key={`${name} ${rule} ${message}`}
          status={STATUS[result]}
          icon
          title={t(`plan.policy.${result}`, { name })}
          description={message}
          customActions={
            link && (
              <ButtonLink
                size="small"
                variant="tertiary"
                aria-label={t('plan.openPolicy', { name })}
                href={`${link()}?${new URLSearchParams({ search: name })}`}
              >
                {t('plan.policyLink')}
              </ButtonLink>
            )
          }
        />
      ))}
    </Panel>
  );
}

function Cost(props: { cost: PlanCost }) {
  const { monthly, monthlyBefore, currency, items, unpriced, budget } =
    props.cost;
  const t = useText();
  const amount = (value: number) => `${value.toFixed(2)} ${currency}`;
  return (
    <Panel title={t('plan.cost')}>
      <p>
        {monthlyBefore === undefined
          ? t('plan.perMonth', { amount: amount(monthly) })
          : t('plan.perMonthNow', {
              amount: amount(monthly),
              now: amount(monthlyBefore),
            })}
      </p>
      {budget && budget.result !== 'within' && (
        <Alert
          status={budget.result === 'block' ? 'danger' : 'warning'}
          icon
          title={t('plan.overBudget')}
          description={budget.message}
        />
      )}
      <ul className={styles.notes}>
        {items.map(({ resource, type, monthly: each }) => (
          <li key={resource}>
            {resource} ({type}): {amount(each)}
          </li>
        ))}
      </ul>
      {unpriced.length > 0 && (
        <p>{t('plan.unpriced', { names: unpriced.join(', ') })}</p>
      )}
    </Panel>
  );
}
