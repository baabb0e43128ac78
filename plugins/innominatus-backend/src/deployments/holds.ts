import { ApprovalRecord } from '../approvals/types';
import { ProblemError } from '../http';

/** What an approved deployment waits for: room, or the end of a freeze. */
const HOLDING_CODES = ['QUOTA_EXCEEDED', 'ENVIRONMENT_FROZEN'];

const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 5 * 60_000;

/** What nobody gave a time for is not carried out when nobody thinks of it any more. */
const LONGEST_HOLD_MS = 24 * 60 * 60_000;

/** Why a deployment that was approved is not carried out yet. */
export interface DeploymentHold {
  code: string;
  message: string;
  /** How often it was tried. */
  tries: number;
  retryAt: number;
  /** It is given up then. */
  until: number;
}

/** Answers the problem when it may go away by itself. */
export function holdingProblem(error: unknown): ProblemError | undefined {
  return error instanceof ProblemError && HOLDING_CODES.includes(error.code)
    ? error
    : undefined;
}

/** Looks again later and later, until the approval is too old. */
export function nextHold(
  before: DeploymentHold | undefined,
  options: { problem: ProblemError; approval: ApprovalRecord; now: number },
): DeploymentHold {
  const { problem, approval, now } = options;
  const tries = (before?.tries ?? 0) + 1;
  const until =
    before?.until ?? approval.request.expiresAt ?? now + LONGEST_HOLD_MS;
  const wait = Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), LONGEST_RETRY_MS);
  return {
    code: problem.code,
    message: problem.message,
    tries,
    retryAt: Math.min(now + wait, until),
    until,
  };
}
