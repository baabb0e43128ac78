import { Alert, Button, Container, Header } from '@backstage/ui';
import {
  Approval,
  Plan,
} from '@innominatus/backstage-plugin-innominatus-common';
import { useNow, usePlan } from '../../hooks';
import { useText } from '../../translation';
import { ApprovalPanel } from '../Approvals';
import { PlanOutcome } from '../PlanDialog';
import { ActionButton } from '../shared';

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
  const { state, replan, deploy } = usePlan(
    {
      environment: initial.environment,
      name: initial.name,
      entityRef: entityRef ?? '',
    },
    initial,
  );
  // What others go back to, or take over, is not part of the plan.
  const isDeploy = initial.action === 'deploy';
  const now = useNow(EXPIRY_CHECK_MS);
  const plan = state.status === 'planned' ? state.plan : undefined;
  const expired = plan !== undefined && Date.parse(plan.expiresAt) <= now;
  return (
    <main>
      <Header
        title={t('plan.title', {
          application: `${initial.environment}/${initial.name}`,
        })}
        customActions={
          entityRef &&
          isDeploy &&
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
                <ActionButton
                  variant="primary"
                  allowed={plan.allowedActions.deploy}
                  isPending={state.status === 'planned' && state.deploying}
                  onPress={deploy}
                >
                  {t('plan.deploy')}
                </ActionButton>
              )}
            </>
          )
        }
      />
      <Container pb="6">
        {expired && !approval && (
          <Alert mb="4" status="warning" icon title={t('plan.expired')} />
        )}
        {!isDeploy && !approval && (
          <Alert mb="4" status="info" icon title={t('plan.fromTab')} />
        )}
        {!entityRef && isDeploy && !approval && (
          <Alert mb="4" status="info" icon title={t('plan.noSource')} />
        )}
        {approval && (
          <ApprovalPanel approval={approval} onDecided={onDecided} />
        )}
        <PlanOutcome state={state} onRetry={replan} />
      </Container>
    </main>
  );
}
