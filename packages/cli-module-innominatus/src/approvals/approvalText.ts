import type { Approval } from '@innominatus/backstage-plugin-innominatus-common';
import { formatApplication } from '../applications/reference';
import { Styles, paintState } from '../output/styles';
import { Column } from '../output/table';
import { safeLine } from '../output/text';
import { humanAge } from '../output/time';

/** Columns of a list of approvals. */
export const approvalColumns: readonly Column<Approval>[] = [
  { title: 'Run', value: item => item.run?.number },
  { title: 'About', value: aboutApproval },
  { title: 'State', value: item => item.state, state: true },
  {
    title: 'Given',
    value: item => `${item.quorum - item.missing}/${item.quorum}`,
  },
  { title: 'By', value: whoMayDecide },
  { title: 'Asked', value: item => humanAge(item.requestedAt) },
  { title: 'Until', value: item => item.expiresAt },
  { title: 'Requester', value: item => item.requester, wide: true },
  {
    title: 'Application',
    value: item => item.application && formatApplication(item.application),
    wide: true,
  },
  { title: 'Message', value: item => item.message, wide: true },
  { title: 'Id', value: item => item.id, wide: true },
];

/** The step, or the deployment that begins with a yes. */
function aboutApproval({ step, deployment }: Approval): string {
  return step ? step.name : `plan of deployment ${deployment?.number}`;
}

/** Entity refs, or in words that nobody in particular is asked. */
export function whoMayDecide(approval: Approval): string {
  return (
    approval.approvers?.join(', ') ??
    'anybody with the permission innominatus.approval.decide'
  );
}

/** An approval with everything that was answered so far. */
export function approvalText(approval: Approval, styles: Styles): string {
  const { run, step, quorum, missing, decisions } = approval;
  const title =
    run && step
      ? `Approval of "${safeLine(step.title ?? step.name)}" in run ${run.number}`
      : `Approval of the ${aboutApproval(approval)}`;
  return [
    styles.bold(title),
    `  state      ${paintState(approval.state, styles)}`,
    ...(approval.message ? [`  asks       ${safeLine(approval.message)}`] : []),
    ...(approval.application
      ? [`  for        ${formatApplication(approval.application)}`]
      : []),
    ...(step
      ? [
          `  step       ${safeLine(step.name)}, attempt ${approval.attempt}${approval.kind === 'interrupted' ? ', which was interrupted' : ''}`,
        ]
      : []),
    ...(approval.plan
      ? [`  plan       ${approval.plan.id}, hash ${approval.plan.hash}`]
      : []),
    `  requester  ${safeLine(approval.requester)}${approval.allowRequester ? '' : ', who may not decide'}`,
    `  approvers  ${safeLine(whoMayDecide(approval))}`,
    `  given      ${quorum - missing} of ${quorum}`,
    ...(approval.state === 'pending' && approval.expiresAt
      ? [`  until      ${approval.expiresAt}`]
      : []),
    ...decisions.map(
      ({ decision, by, at, reason }) =>
        `  ${decision === 'approve' ? 'approved' : 'rejected'}   ${safeLine(by)}, ${at}${reason ? `: ${safeLine(reason)}` : ''}`,
    ),
    `  id         ${approval.id}`,
  ].join('\n');
}
