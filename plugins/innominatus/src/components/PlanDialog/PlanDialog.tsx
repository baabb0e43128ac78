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
import { useState } from 'react';
import { PlanSubject, usePlan } from '../../hooks';
import { planRouteRef } from '../../routes';
import { useText } from '../../translation';
import { CarryOutButton } from './CarryOutButton';
import { FreezeReason, freezeOverrideOf } from './FreezeReason';
import { PlanOutcome } from './PlanOutcome';
import styles from './PlanOutcome.module.css';
import { planTitle } from './planTitle';

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
  const { state, replan, image, planWith, deploy } = usePlan(
    subject,
    props.plan,
  );
  const [freezeReason, setFreezeReason] = useState('');
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
      <DialogHeader>{planTitle(subject, t)}</DialogHeader>
      <DialogBody>
        <div className={styles.root}>
          <FreezeReason
            plan={plan}
            reason={freezeReason}
            onChange={setFreezeReason}
          />
          <PlanOutcome
            state={state}
            onRetry={replan}
            image={image}
            onImage={planWith}
          />
        </div>
      </DialogBody>
      <DialogFooter>
        {plan && (
          <CarryOutButton
            plan={plan}
            freezeReason={freezeReason}
            isPending={state.status === 'planned' && state.deploying}
            onPress={async () => {
              if (await deploy(freezeOverrideOf(plan, freezeReason))) {
                onClose();
              }
            }}
          />
        )}
        {plan && planLink && (
          <ButtonLink
            variant="secondary"
            href={`${planLink({ planId: plan.id })}?${new URLSearchParams({
              entityRef: subject.entityRef,
              ...(image === undefined ? {} : { image }),
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
