import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { ActionButton } from '../shared';
import { isRemoval } from './isRemoval';

export interface CarryOutButtonProps {
  plan: Plan;
  /** Instead of the word for the action of the plan. */
  label?: string;
  /** Why it is done although the environment is frozen, where that is asked. */
  freezeReason: string;
  isPending: boolean;
  onPress: () => void;
}

/** Carries out exactly this plan, or asks those who have to agree to it. */
export function CarryOutButton(props: CarryOutButtonProps) {
  const { plan, label, freezeReason, isPending, onPress } = props;
  const t = useText();
  return (
    <ActionButton
      variant="primary"
      destructive={isRemoval(plan)}
      allowed={
        plan.allowedActions.deploy.allowed && needsReason(plan, freezeReason)
          ? { allowed: false, reason: t('plan.freeze.missing') }
          : plan.allowedActions.deploy
      }
      isPending={isPending}
      onPress={onPress}
    >
      {plan.approval
        ? t('plan.requestApproval')
        : (label ?? t(`plan.${plan.action}`))}
    </ActionButton>
  );
}

function needsReason(plan: Plan, freezeReason: string): boolean {
  return (
    plan.allowedActions.overrideFreeze?.allowed === true &&
    freezeReason.trim() === ''
  );
}
