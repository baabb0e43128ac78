/**
 * Who may decide, and how, before a step starts.
 *
 * @public
 */
export interface ApprovalPolicy {
  /**
   * Entity refs of users and groups, any of whom may decide. Without it
   * everybody may who has the permission. In a definition also references,
   * filled in when the step asks.
   */
  approvers?: string[];
  /** Distinct people who have to approve; one rejection rejects. Default 1. */
  quorum: number;
  /** Whether who started the run may decide too. Default false. */
  allowRequester: boolean;
  /** Whether each decision needs a reason. Default false. */
  reasonRequired: boolean;
  /** Milliseconds after which the question expires and the step fails. */
  expiresAfterMs?: number;
  /** What is asked, for the people who decide. */
  message?: string;
}

/**
 * States of an approval.
 *
 * @public
 */
export const ApprovalState = {
  pending: 'pending',
  approved: 'approved',
  rejected: 'rejected',
  expired: 'expired',
  cancelled: 'cancelled',
} as const;

/** @public */
export type ApprovalState = (typeof ApprovalState)[keyof typeof ApprovalState];

/**
 * What one person answered.
 *
 * @public
 */
export interface ApprovalDecision {
  decision: 'approve' | 'reject';
  /** Entity ref of the user. */
  by: string;
  /** Milliseconds since the epoch. */
  at: number;
  reason?: string;
}

/**
 * A question to people that a step asked, with the answers so far.
 *
 * @public
 */
export interface ApprovalRequest {
  /** Names the run, the step and how often the step has asked. */
  id: string;
  /** Before the first attempt, or because an attempt was interrupted. */
  kind: 'approval' | 'interrupted';
  /** Attempt that starts, or goes on, when it is approved. */
  attempt: number;
  /** The how manieth question of the step this is, from 1. */
  round: number;
  state: ApprovalState;
  /** References are filled in. */
  policy: ApprovalPolicy;
  decisions: ApprovalDecision[];
  requestedAt: number;
  expiresAt?: number;
  decidedAt?: number;
}

/**
 * What a step that asked for an approval gets to know about it.
 *
 * @public
 */
export interface StepApproval {
  /** Entity refs of those who approved. */
  by: string[];
  /** Their reasons, in the order of the decisions. */
  reason?: string;
  /** Milliseconds since the epoch of the decision that was still missing. */
  at: number;
}

/**
 * The part of a waiting reason that tells programs what an approval needs.
 *
 * @public
 */
export interface WaitingApproval {
  id: string;
  /** Empty when it is about a plan. */
  step: string;
  kind: ApprovalRequest['kind'] | 'plan';
  approvers?: string[];
  quorum: number;
  /** Approvals that are still needed. */
  missing: number;
  allowRequester: boolean;
  reasonRequired: boolean;
  message?: string;
  decisions: ApprovalDecision[];
}
