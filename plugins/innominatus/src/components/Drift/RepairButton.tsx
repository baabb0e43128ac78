import { ButtonProps } from '@backstage/ui';
import { AllowedAction } from '@innominatus/backstage-plugin-innominatus-common';
import { useMemo, useState } from 'react';
import { PlanSubject } from '../../hooks';
import { useText } from '../../translation';
import { PlanDialog } from '../PlanDialog';
import { ActionButton } from '../shared';

export interface RepairButtonProps {
  application: { environment: string; name: string };
  /** Name of a resource; everything that drifted without it. */
  resource?: string;
  allowed: AllowedAction;
  size?: ButtonProps['size'];
}

/** Brings back what is recorded, after its plan was looked at. */
export function RepairButton(props: RepairButtonProps) {
  const { application, resource, allowed, size } = props;
  const { environment, name } = application;
  const t = useText();
  const [open, setOpen] = useState(false);
  const subject = useMemo<PlanSubject>(
    () => ({
      environment,
      name,
      entityRef: '',
      change: {
        action: 'repair',
        ...(resource === undefined ? {} : { resources: [resource] }),
      },
    }),
    [environment, name, resource],
  );
  return (
    <>
      <ActionButton
        size={size}
        variant="secondary"
        allowed={allowed}
        aria-label={
          resource === undefined
            ? undefined
            : t('drift.revertNamed', { name: resource })
        }
        onPress={() => setOpen(true)}
      >
        {t(resource === undefined ? 'drift.repair' : 'drift.revert')}
      </ActionButton>
      {open && <PlanDialog subject={subject} onClose={() => setOpen(false)} />}
    </>
  );
}
