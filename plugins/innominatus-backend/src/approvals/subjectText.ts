import { Approval } from '@innominatus/backstage-plugin-innominatus-common';

/** What an approval is about, in words for messages. */
export function subjectText(approval: Approval): string {
  const { run, step, deployment, application } = approval;
  return run && step
    ? `step "${step.name}" of run ${run.number}`
    : `the plan of deployment ${deployment?.number} of "${application?.environment}/${application?.name}"`;
}
