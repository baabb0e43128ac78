import { Alert, Button, Container, Header } from '@backstage/ui';
import {
  Approval,
  Plan,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useMemo, useState } from 'react';
import { changeOf, useNow, usePlan } from '../../hooks';
import { useText } from '../../translation';
import { ApprovalPanel } from '../Approvals';
import {
  CarryOutButton,
  isRemoval,
  PlanOutcome,
  planTitle,
} from '../PlanDialog';
import { DecidedDeployment } from './DecidedDeployment';
import styles from './PlanPage.module.css';
import { RemovalDialog } from './RemovalDialog';

const EXPIRY_CHECK_MS = 10_000;

export interface PlanPageContentProps {
  plan: Plan;
  entityRef?: string;
  /** The question about the plan, when the reader came to answer it. */
  approval?: Approval;
  onDecided?: () => void;
}

export function PlanPageContent(props: PlanPageContentProps) {
  const { plan: initial, entityRef, approval, onDecided } = props;
  const t = useText();
  const { environment, name, action } = initial;
  const subject = useMemo(
    () => ({
      environment,
      name,
      entityRef: entityRef ?? '',
      change: changeOf(initial),
    }),
    [environment, name, entityRef, initial],
  );
  const { state, replan, deploy } = usePlan(subject, initial);
  const isDeploy = action === 'deploy';
  const canCarryOut = isDeploy
    ? entityRef !== undefined
    : subject.change !== undefined;
  const [asks, setAsks] = useState(false);
  const now = useNow(EXPIRY_CHECK_MS);
  const plan = state.status === 'planned' ? state.plan : undefined;
  const expired = plan !== undefined && Date.parse(plan.expiresAt) <= now;
  return (
    <main>
      <Header
        title={planTitle(subject, t)}
        customActions={
          canCarryOut &&
          !approval && (
            <>
              <Button
                variant="secondary"
                onPress={replan}
                isDisabled={state.status === 'planning'}
              >
                {t('plan.newPlan')}
              </Button>
              {plan && !expired && (
                <CarryOutButton
                  plan={plan}
                  isPending={state.status === 'planned' && state.deploying}
                  onPress={isRemoval(plan) ? () => setAsks(true) : deploy}
                />
              )}
            </>
          )
        }
      />
      <Container pb="6">
        {expired && !approval && (
          <Alert mb="4" status="warning" icon title={t('plan.expired')} />
        )}
        {!canCarryOut && !approval && (
          <Alert mb="4" status="info" icon title={t('plan.noSource')} />
        )}
        {approval && (
          <div className={styles.asked}>
            <ApprovalPanel approval={approval} onDecided={onDecided} />
            {approval.state !== 'pending' && approval.deployment && (
              <DecidedDeployment deploymentId={approval.deployment.id} />
            )}
          </div>
        )}
        <PlanOutcome state={state} onRetry={replan} />
        {plan && asks && (
          <RemovalDialog
            plan={plan}
            isPending={state.status === 'planned' && state.deploying}
            onConfirm={async () => {
              await deploy();
              setAsks(false);
            }}
            onClose={() => setAsks(false)}
          />
        )}
      </Container>
    </main>
  );
}
