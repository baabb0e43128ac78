import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';
import { ActionButton } from '../shared';

export interface CarryOutButtonProps {
  plan: Plan;
  isPending: boolean;
  onPress: () => void;
}

/** Carries out exactly this plan, or asks those who have to agree to it. */
export function CarryOutButton(props: CarryOutButtonProps) {
  const { plan, isPending, onPress } = props;
  const t = useText();
  const action =
    plan.action === 'rollback' ||
    plan.action === 'promote' ||
    plan.action === 'repair'
      ? plan.action
      : 'deploy';
  return (
    <ActionButton
      variant="primary"
      allowed={plan.allowedActions.deploy}
      isPending={isPending}
      onPress={onPress}
    >
      {t(plan.approval ? 'plan.requestApproval' : `plan.${action}`)}
    </ActionButton>
  );
}
