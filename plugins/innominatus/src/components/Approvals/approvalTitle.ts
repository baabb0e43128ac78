import { Approval } from '@innominatus/backstage-plugin-innominatus-common';
import { Text } from '../../translation';

/** What is asked about: a step, or what is deployed. */
export function approvalTitle(approval: Approval, t: Text): string {
  const { step, deployment, application } = approval;
  return step
    ? (step.title ?? step.name)
    : t('approvals.deployment', {
        number: String(deployment?.number),
        application: `${application?.environment}/${application?.name}`,
      });
}
