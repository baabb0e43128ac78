import { z } from 'zod';
import { parseDuration } from '../duration';
import { isTemplate } from '../references';
import { readApproverRef } from './approverRef';
import { ApprovalPolicy } from './types';

const MOST_APPROVERS = 50;
export const LONGEST_MESSAGE = 500;

const approver = z.string().transform((text, context) => {
  const ref = isTemplate(text) ? text : readApproverRef(text);
  if (ref === undefined) {
    context.addIssue(
      `expected the entity ref of a user or group, for example "group:default/platform-team", got "${text.slice(0, 80)}"`,
    );
    return z.NEVER;
  }
  return ref;
});

const duration = z.unknown().transform((value, context) => {
  const ms = parseDuration(value);
  if (ms === undefined || ms < 1_000) {
    context.addIssue(
      'expected a duration of at least a second, for example "4h" or "2d"',
    );
    return z.NEVER;
  }
  return ms;
});

const shape = {
  /** One may be written without a list; a reference may stand for several. */
  approvers: z
    .preprocess(value => {
      if (typeof value === 'string') {
        return [value];
      }
      return Array.isArray(value) ? value.flat() : value;
    }, z.array(approver).min(1).max(MOST_APPROVERS))
    .optional(),
  quorum: z.number().int().min(1).max(20).optional(),
  allowRequester: z.boolean().optional(),
  reasonRequired: z.boolean().optional(),
  expiresAfter: duration.optional(),
  message: z.string().max(LONGEST_MESSAGE).optional(),
};

/** More people than are named can never say yes. */
function canBeReached(policy: { approvers?: string[]; quorum?: number }) {
  const { approvers, quorum = 1 } = policy;
  return (
    approvers === undefined ||
    approvers.some(one => !one.startsWith('user:')) ||
    new Set(approvers).size >= quorum
  );
}

/**
 * Checks the `approval` of a step, and the config of steps of type `approval`.
 *
 * @public
 */
export const approvalSchema = z.strictObject(shape).refine(canBeReached, {
  path: ['quorum'],
  message: 'more approvals are asked for than there are approvers',
});

/** Keys of {@link approvalSchema}. */
export const APPROVAL_KEYS = Object.keys(shape);

/** The policy of a step that says nothing about it. */
export function defaultPolicy(): ApprovalPolicy {
  return { quorum: 1, allowRequester: false, reasonRequired: false };
}

export function toPolicy(
  value: z.output<typeof approvalSchema>,
): ApprovalPolicy {
  const { expiresAfter, ...rest } = value;
  return {
    ...defaultPolicy(),
    ...rest,
    ...(expiresAfter === undefined ? {} : { expiresAfterMs: expiresAfter }),
  };
}
