import { TextField } from '@backstage/ui';
import { Plan } from '@innominatus/backstage-plugin-innominatus-common';
import { useText } from '../../translation';

const LONGEST_REASON = 1000;

export interface FreezeReasonProps {
  plan?: Plan;
  reason: string;
  onChange: (reason: string) => void;
}

/**
 * Asks those who may deploy to a frozen environment why they do. Others see
 * the freeze among the notes of the plan, and at the button.
 */
export function FreezeReason(props: FreezeReasonProps) {
  const { plan, reason, onChange } = props;
  const t = useText();
  return plan?.allowedActions.overrideFreeze?.allowed ? (
    <TextField
      label={t('plan.freeze.reason', { environment: plan.environment })}
      description={t('plan.freeze.hint')}
      isRequired
      value={reason}
      onChange={onChange}
      maxLength={LONGEST_REASON}
    />
  ) : null;
}

/** The reason, where one is asked for. */
export function freezeOverrideOf(
  plan: Plan | undefined,
  reason: string,
): { overrideFreeze?: string } {
  return plan?.allowedActions.overrideFreeze?.allowed
    ? { overrideFreeze: reason.trim() }
    : {};
}
