import { ApprovalRequest } from './types';

/**
 * Why a decision does not count.
 *
 * @public
 */
export interface DecisionProblem {
  code:
    | 'APPROVAL_DECIDED'
    | 'APPROVAL_EXPIRED'
    | 'APPROVAL_OWN_RUN'
    | 'APPROVAL_TWICE'
    | 'APPROVAL_REASON_MISSING';
  /** One sentence. */
  message: string;
}

/**
 * Tells why the decision of a person would not count, as far as that follows
 * from the approval and the run alone. Which groups a person is in is asked
 * elsewhere.
 *
 * @public
 */
export function decisionProblem(
  approval: Pick<
    ApprovalRequest,
    'state' | 'policy' | 'decisions' | 'expiresAt'
  >,
  decision: {
    decision: 'approve' | 'reject';
    by: string;
    reason?: string;
    at: number;
    /** Who started the run. */
    requester?: string;
  },
): DecisionProblem | undefined {
  const { policy, state } = approval;
  const expired =
    approval.expiresAt !== undefined && decision.at >= approval.expiresAt;
  if (state === 'expired' || (state === 'pending' && expired)) {
    return {
      code: 'APPROVAL_EXPIRED',
      message: 'The time to decide is over.',
    };
  }
  if (state !== 'pending') {
    return {
      code: 'APPROVAL_DECIDED',
      message: `It is ${state} already.`,
    };
  }
  const by = decision.by.toLowerCase();
  if (!policy.allowRequester && by === decision.requester?.toLowerCase()) {
    return {
      code: 'APPROVAL_OWN_RUN',
      message:
        'Who started the run may not decide. Ask somebody else, or cancel the run.',
    };
  }
  // Who approved may still take it back by rejecting.
  const given = approval.decisions.some(one => one.by.toLowerCase() === by);
  if (given && decision.decision === 'approve') {
    return {
      code: 'APPROVAL_TWICE',
      message: `${decision.by} approved already, and each person counts once.`,
    };
  }
  if (policy.reasonRequired && !decision.reason?.trim()) {
    return {
      code: 'APPROVAL_REASON_MISSING',
      message: 'A reason is required.',
    };
  }
  return undefined;
}
