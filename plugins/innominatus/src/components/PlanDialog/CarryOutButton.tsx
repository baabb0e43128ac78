import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { ActionButton } from '../shared';
import { isRemoval } from './isRemoval';

export interface CarryOutButtonProps {
  plan: Plan;
  isPending: boolean;
  onPress: () => void;
}

/** Carries out exactly this plan, or asks those who have to agree to it. */
export function CarryOutButton(props: CarryOutButtonProps) {
  const { plan, isPending, onPress } = props;
  const t = useText();
  return (
    <ActionButton
      variant="primary"
      destructive={isRemoval(plan)}
      allowed={plan.allowedActions.deploy}
      isPending={isPending}
      onPress={onPress}
    >
      {t(plan.approval ? 'plan.requestApproval' : `plan.${plan.action}`)}
    </ActionButton>
  );
}
