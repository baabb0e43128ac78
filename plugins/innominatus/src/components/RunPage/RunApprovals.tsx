import { Run, RunStep } from '@innominatus/backstage-plugin-innominatus-common';
import { ApprovalPanel } from '../Approvals';
import { isTerminal } from '../../lib/status';

/**
 * What the run waits for people to decide, above everything else: nobody should
 * have to look for the step. What was decided stands beside its step.
 */
export function RunApprovals(props: { run: Run }) {
  const { run } = props;
  return (
    <>
      {isTerminal(run.status)
        ? null
        : run.steps.flatMap(({ name, approval }) =>
            approval?.state === 'pending'
              ? [<ApprovalPanel key={name} approval={approval} />]
              : [],
          )}
    </>
  );
}

/** What was decided about the chosen step. */
export function StepApproval(props: { step?: RunStep }) {
  const approval = props.step?.approval;
  return approval && approval.state !== 'pending' ? (
    <ApprovalPanel approval={approval} />
  ) : null;
}
