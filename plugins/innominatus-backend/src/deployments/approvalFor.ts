import {
  ApprovalPolicy,
  DeploymentAction,
  Environment,
  parseDuration,
  readApproverRef,
} from '@innominatus/backstage-plugin-innominatus-common';

/** Stands for whoever owns the application. */
const OWNER = 'owner';

/**
 * Who has to agree to a change in an environment; nothing when nobody has to.
 * Should the owner be asked and there is none, nobody can agree, which is
 * better than everybody.
 */
export function approvalFor(
  environment: Environment,
  change: { action: DeploymentAction; owner: string | undefined },
): ApprovalPolicy | undefined {
  const rule = environment.rules?.approval;
  if (!rule || (rule.actions && !rule.actions.includes(change.action))) {
    return undefined;
  }
  const { actions, approvers, expiresAfter, ...policy } = rule;
  const owner = change.owner && readApproverRef(change.owner);
  return {
    ...policy,
    approvers: approvers?.flatMap(one => {
      if (one !== OWNER) {
        return one;
      }
      return owner ? [owner] : [];
    }),
    expiresAfterMs: parseDuration(expiresAfter),
  };
}
