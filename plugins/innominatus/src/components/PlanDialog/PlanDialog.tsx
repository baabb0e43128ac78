import {
  Button,
  ButtonLink,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
} from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { PlanSubject, usePlan } from '../../hooks';
import { planRouteRef } from '../../routes';
import { Text, useText } from '../../translation';
import { ActionButton } from '../shared';
import { PlanOutcome } from './PlanOutcome';

export interface PlanDialogProps {
  subject: PlanSubject;
  /** A plan that was made already. */
  plan?: Plan;
  onClose: () => void;
}

/** Shows what a deployment would change, and deploys exactly that. */
export function PlanDialog(props: PlanDialogProps) {
  const { subject, onClose } = props;
  const t = useText();
  const planLink = useRouteRef(planRouteRef);
  const { state, replan, deploy } = usePlan(subject, props.plan);
  const plan = state.status === 'planned' ? state.plan : undefined;
  return (
    <Dialog
      isOpen
      isDismissable
      width="min(64rem, 92vw)"
      height="min(52rem, 88vh)"
      onOpenChange={isOpen => {
        if (!isOpen) {
          onClose();
        }
      }}
    >
      <DialogHeader>{titleOf(subject, t)}</DialogHeader>
      <DialogBody>
        <PlanOutcome state={state} onRetry={replan} />
      </DialogBody>
      <DialogFooter>
        {plan && (
          <ActionButton
            variant="primary"
            allowed={plan.allowedActions.deploy}
            isPending={state.status === 'planned' && state.deploying}
            onPress={async () => {
              if (await deploy()) {
                onClose();
              }
            }}
          >
            {t(`plan.${subject.change?.action ?? 'deploy'}`)}
          </ActionButton>
        )}
        {plan && planLink && (
          <ButtonLink
            variant="secondary"
            href={`${planLink({ planId: plan.id })}?${new URLSearchParams({
              entityRef: subject.entityRef,
            })}`}
          >
            {t('plan.openPage')}
          </ButtonLink>
        )}
        <Button variant="secondary" onPress={onClose}>
          {t('plan.close')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function titleOf({ environment, name, change }: PlanSubject, t: Text): string {
  const application = `${environment}/${name}`;
  switch (change?.action) {
    case 'rollback':
      return t('plan.rollbackTitle', {
        application,
        number: String(change.target.deployment),
      });
    case 'promote':
      return t('plan.promoteTitle', { application, from: change.from });
    default:
      return t('plan.title', { application });
  }
}
