import { ApprovalDecision, ApprovalState } from '../../workflow/approval';
import { AllowedAction } from './common';

/**
 * What one person answered to an approval.
 *
 * @public
 */
export interface ApprovalAnswer {
  decision: ApprovalDecision['decision'];
  /** Entity ref of the user. */
  by: string;
  at: string;
  reason?: string;
}

/**
 * A question to people that a step of a run waits for, or waited for.
 *
 * @public
 */
export interface Approval {
  id: string;
  /** Before the first attempt of the step, or because it was interrupted. */
  kind: 'approval' | 'interrupted';
  state: ApprovalState;
  run: {
    id: string;
    number: number;
    workflow: string;
    title?: string;
    goldenPath?: string;
  };
  step: { name: string; title?: string };
  attempt: number;
  application?: { environment: string; name: string };
  /** Entity ref of who started the run. */
  requester: string;
  /** Entity refs of users and groups; without it whoever has the permission. */
  approvers?: string[];
  /** People who have to approve. */
  quorum: number;
  /** Approvals that are still needed. */
  missing: number;
  allowRequester: boolean;
  reasonRequired: boolean;
  message?: string;
  decisions: ApprovalAnswer[];
  requestedAt: string;
  expiresAt?: string;
  decidedAt?: string;
  allowedActions: { approve: AllowedAction; reject: AllowedAction };
}

/**
 * Body of a decision.
 *
 * @public
 */
export interface ApprovalDecisionRequest {
  decision: ApprovalDecision['decision'];
  reason?: string;
}
