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
  FreezeReason,
  isRemoval,
  PlanOutcome,
  freezeOverrideOf,
  planTitle,
} from '../PlanDialog';
import { DecidedDeployment } from './DecidedDeployment';
import styles from './PlanPage.module.css';
import { RemovalDialog } from './RemovalDialog';

const EXPIRY_CHECK_MS = 10_000;

export interface PlanPageContentProps {
  plan: Plan;
  entityRef?: string;
  /** Stands in for the image of a Score spec that leaves it open. */
  image?: string;
  /** The question about the plan, when the reader came to answer it. */
  approval?: Approval;
  onDecided?: () => void;
}

export function PlanPageContent(props: PlanPageContentProps) {
  const { plan: initial, entityRef, image, approval, onDecided } = props;
  const t = useText();
  const { environment, name, action } = initial;
  const subject = useMemo(
    () => ({
      environment,
      name,
      entityRef: entityRef ?? '',
      change: changeOf(initial),
      image,
    }),
    [environment, name, entityRef, image, initial],
  );
  const { state, replan, planWith, deploy } = usePlan(subject, initial);
  const [freezeReason, setFreezeReason] = useState('');
  const isDeploy = action === 'deploy';
  const canCarryOut = isDeploy
    ? entityRef !== undefined
    : subject.change !== undefined;
  const [asks, setAsks] = useState(false);
  const now = useNow(EXPIRY_CHECK_MS);
  const plan = state.status === 'planned' ? state.plan : undefined;
  const expired = plan !== undefined && Date.parse(plan.expiresAt) <= now;
  const carryOut = () => deploy(freezeOverrideOf(plan, freezeReason));
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
                  freezeReason={freezeReason}
                  isPending={state.status === 'planned' && state.deploying}
                  onPress={isRemoval(plan) ? () => setAsks(true) : carryOut}
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
        {canCarryOut && !approval && !expired && (
          <FreezeReason
            plan={plan}
            reason={freezeReason}
            onChange={setFreezeReason}
          />
        )}
        <PlanOutcome state={state} onRetry={replan} onImage={planWith} />
        {plan && asks && (
          <RemovalDialog
            plan={plan}
            isPending={state.status === 'planned' && state.deploying}
            onConfirm={async () => {
              await carryOut();
              setAsks(false);
            }}
            onClose={() => setAsks(false)}
          />
        )}
      </Container>
    </main>
  );
}
