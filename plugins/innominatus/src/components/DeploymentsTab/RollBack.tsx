import { DeploymentSummary } from '@innominatus/backstage-plugin-innominatus-common';
import { useMemo, useState } from 'react';
import { EnvironmentRow, PlanSubject } from '../../hooks';
import { Workload } from '../../lib/workload';
import { useText } from '../../translation';
import { PlanDialog } from '../PlanDialog';
import { ActionButton } from '../shared';

const ALLOWED = { allowed: true };

export interface RollBackProps {
  deployment: DeploymentSummary;
  workload: Workload;
  row?: EnvironmentRow;
}

/** Goes back to an earlier deployment, after its plan was looked at. */
export function RollBack(props: RollBackProps) {
  const { deployment, workload, row } = props;
  const { environment, number } = deployment;
  const t = useText();
  const [open, setOpen] = useState(false);
  const subject = useMemo<PlanSubject>(
    () => ({
      environment,
      name: workload.name,
      entityRef: workload.entityRef,
      change: { action: 'rollback', target: { deployment: number } },
    }),
    [environment, workload, number],
  );
  return (
    <>
      <ActionButton
        size="small"
        variant="secondary"
        allowed={row?.application?.allowedActions.plan ?? ALLOWED}
        aria-label={t('deployments.rollBackNamed', {
          environment: row?.environment.title ?? environment,
          number: String(number),
        })}
        onPress={() => setOpen(true)}
      >
        {t('deployments.rollBack')}
      </ActionButton>
      {open && <PlanDialog subject={subject} onClose={() => setOpen(false)} />}
    </>
  );
}
