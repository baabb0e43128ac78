import { JsonValue } from '../../json';
import { defaultPolicy, LONGEST_MESSAGE } from '../approval/approvalSchema';
import { readApproverRef } from '../approval/approverRef';
import {
  ApprovalPolicy,
  ApprovalRequest,
  ApprovalState,
  WaitingApproval,
} from '../approval/types';
import { interpolate, InterpolationError, valueToText } from '../interpolate';
import { isTemplate } from '../references';
import { SECRET_TOKEN_PATTERN } from '../secretToken';
import { buildScope } from '../stepScope';
import { stepTitle } from '../stepTitle';
import { RunState, StepDefinition, StepState, WaitingReason } from '../types';

/**
 * Steps that start only after a person said yes. A step of type `approval` with
 * `forEach` leaves the asking to the steps of its items, each with its own
 * approvers.
 */
export function needsApproval(step: StepDefinition): boolean {
  return (
    step.when === 'manual' ||
    (step.type === 'approval' && step.forEach === undefined)
  );
}

/** Thrown when the references of a policy lead to nothing that can be used. */
export class ApprovalPolicyError extends Error {
  readonly code = 'APPROVAL_INVALID';
}

/** The policy of a step with its references filled in. */
export function policyOf(
  state: RunState,
  step: StepDefinition,
): ApprovalPolicy {
  const policy = step.approval ?? defaultPolicy();
  const { approvers, message } = policy;
  const hasReferences =
    approvers?.some(isTemplate) ||
    (message !== undefined && isTemplate(message));
  if (!hasReferences) {
    return policy;
  }
  const place = `/steps/${step.name}/approval`;
  try {
    const scope = buildScope(state, step);
    return {
      ...policy,
      ...(approvers
        ? {
            approvers: readApprovers(
              step.name,
              interpolate(approvers, scope, `${place}/approvers`),
            ),
          }
        : {}),
      ...(message === undefined
        ? {}
        : {
            message: readMessage(
              step.name,
              interpolate(message, scope, `${place}/message`),
            ),
          }),
    };
  } catch (error) {
    if (error instanceof InterpolationError) {
      throw new ApprovalPolicyError(error.message);
    }
    throw error;
  }
}

/** A reference may stand for one approver or for a list of them. */
function readApprovers(step: string, value: JsonValue): string[] {
  const texts = (Array.isArray(value) ? value.flat() : [value]).map(
    valueToText,
  );
  const refs = texts.map(text => {
    const ref = readApproverRef(text);
    if (ref === undefined) {
      throw new ApprovalPolicyError(
        `The approver "${text.slice(0, 80).replace(SECRET_TOKEN_PATTERN, '••••')}" of step "${step}" is not the entity ref of a user or group, for example "group:default/platform-team".`,
      );
    }
    return ref;
  });
  // Nobody is not everybody.
  if (refs.length === 0) {
    throw new ApprovalPolicyError(
      `The approvers of step "${step}" are an empty list, so nobody could approve it.`,
    );
  }
  return [...new Set(refs)];
}

function readMessage(step: string, value: JsonValue): string {
  const text = valueToText(value).replace(SECRET_TOKEN_PATTERN, '••••');
  if (text.length > LONGEST_MESSAGE) {
    throw new ApprovalPolicyError(
      `The message of the approval of step "${step}" has ${text.length} characters once its references are filled in, at most ${LONGEST_MESSAGE} are allowed.`,
    );
  }
  return text;
}

/** The next question of a step to people. */
export function askPeople(
  state: RunState,
  step: StepState,
  question: {
    kind: ApprovalRequest['kind'];
    policy: ApprovalPolicy;
    at: number;
  },
): ApprovalRequest {
  const { kind, policy, at } = question;
  const round = (step.approval?.round ?? 0) + 1;
  return {
    id: `${state.input.run.id}~${step.name}~${round}`,
    kind,
    attempt: kind === 'approval' ? step.attempt + 1 : step.attempt,
    round,
    state: 'pending',
    policy,
    decisions: [],
    requestedAt: at,
    ...(policy.expiresAfterMs === undefined
      ? {}
      : { expiresAt: at + policy.expiresAfterMs }),
  };
}

/**
 * Held steps ask whoever approves the step; without such people also who
 * started the run, as for a retry. They never expire: nobody may lose work
 * because a worker died at night.
 */
export function policyOfInterrupted(
  state: RunState,
  step: StepDefinition,
): ApprovalPolicy {
  const before =
    state.steps[step.name].approval ??
    (step.item && state.steps[step.item.parent].approval);
  const { expiresAfterMs: _expires, ...policy } = before?.policy ?? {
    ...defaultPolicy(),
    allowRequester: true,
  };
  return policy;
}

export function closeApproval(
  approval: ApprovalRequest,
  outcome: Exclude<ApprovalState, 'pending'>,
  at: number,
): ApprovalRequest {
  return { ...approval, state: outcome, decidedAt: at };
}

/** Who approved so far; each person once. */
export function approversSoFar(approval: ApprovalRequest): string[] {
  const people = approval.decisions
    .filter(one => one.decision === 'approve')
    .map(one => one.by);
  return [...new Set(people)];
}

/** Why the step waits, as a sentence and as data. */
export function waitingForApproval(
  step: Parameters<typeof stepTitle>[0],
  approval: ApprovalRequest,
  sentence?: string,
): WaitingReason {
  const { policy, kind, expiresAt } = approval;
  return {
    kind: kind === 'approval' ? 'approval' : 'person',
    message: sentence ?? approvalMessage(step, approval),
    ...(expiresAt === undefined ? {} : { until: expiresAt }),
    approval: toWaitingApproval(step.name, approval, policy),
  };
}

function toWaitingApproval(
  step: string,
  approval: ApprovalRequest,
  policy: ApprovalPolicy,
): WaitingApproval {
  const { id, kind, decisions } = approval;
  const { approvers, quorum, allowRequester, reasonRequired, message } = policy;
  return {
    id,
    step,
    kind,
    ...(approvers ? { approvers } : {}),
    quorum,
    missing: quorum - approversSoFar(approval).length,
    allowRequester,
    reasonRequired,
    ...(message === undefined ? {} : { message }),
    decisions,
  };
}

function approvalMessage(
  step: Parameters<typeof stepTitle>[0],
  approval: ApprovalRequest,
): string {
  const { approvers = [], quorum } = approval.policy;
  const by = approvers.length > 0 ? ` by ${approvers.join(' or ')}` : '';
  const count =
    quorum > 1
      ? ` (${approversSoFar(approval).length} of ${quorum} given)`
      : '';
  return `Step "${stepTitle(step)}" waits for an approval${by}${count}.`;
}
