import { ApprovalDecision, ApprovalState } from '../../workflow/approval';
import { AllowedAction } from './common';
import { DeploymentAction } from './plans';

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
 * A question to people: a step of a run waits for it, or a deployment that
 * begins when its plan is approved.
 *
 * @public
 */
export interface Approval {
  id: string;
  /**
   * Before the first attempt of a step, because the step was interrupted, or
   * before the run of a deployment.
   */
  kind: 'approval' | 'interrupted' | 'plan';
  state: ApprovalState;
  /** Unless it is about a plan. */
  run?: {
    id: string;
    number: number;
    workflow: string;
    title?: string;
    goldenPath?: string;
  };
  step?: { name: string; title?: string };
  attempt?: number;
  /** What begins when the plan is approved. */
  deployment?: { id: string; number: number; action: DeploymentAction };
  /** The plan that is asked about; a decision has to name its hash. */
  plan?: { id: string; hash: string };
  application?: { environment: string; name: string };
  /** Entity ref of who started the run, or wants to deploy. */
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
  /** Of the plan that was looked at; for approvals of plans, which need it. */
  planHash?: string;
}
