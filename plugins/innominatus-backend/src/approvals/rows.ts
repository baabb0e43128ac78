import {
  Approval,
  ApprovalDecision,
  ApprovalPolicy,
  ApprovalState,
  DeploymentAction,
} from '@innominatus/backstage-plugin-innominatus-common';
import {
  fromJson,
  toNumber,
  toOptionalNumber,
  toOptionalTimestamp,
  toTimestamp,
} from '../database';
import { AccessColumns } from '../access/types';
import { ApprovalRecord } from './types';

export interface ApprovalRow {
  id: string;
  run_id: string;
  run_number: number;
  run_title: string | null;
  workflow: string;
  step: string;
  step_title: string | null;
  attempt: number;
  round: number;
  kind: Approval['kind'];
  state: ApprovalState;
  policy: string;
  decisions: string;
  golden_path: string | null;
  application_environment: string | null;
  application_environment_type: string | null;
  application_name: string | null;
  application_owner: string | null;
  initiator: string;
  requested_at: number | string;
  expires_at: number | string | null;
  decided_at: number | string | null;
  deployment_id: string | null;
  deployment_number: number | null;
  deployment_action: DeploymentAction | null;
  plan_id: string | null;
  plan_hash: string | null;
}

/** The columns that permission rules look at. */
export const ACCESS_COLUMNS: AccessColumns = {
  owner: 'application_owner',
  environment: 'application_environment',
  environmentType: 'application_environment_type',
  goldenPath: 'golden_path',
  initiator: 'initiator',
};

/** One ref per line, so that a whole ref can be found in it. */
export function toLines(refs: string[]): string {
  return `\n${refs.map(ref => ref.toLowerCase()).join('\n')}\n`;
}

/** What the question is about: a step of a run, or the plan of a deployment. */
function subjectOf(
  row: ApprovalRow,
): Pick<Approval, 'run' | 'step' | 'attempt' | 'deployment' | 'plan'> {
  if (row.kind === 'plan') {
    return {
      deployment: {
        id: row.deployment_id ?? '',
        number: row.deployment_number ?? 0,
        action: row.deployment_action ?? 'deploy',
      },
      plan: { id: row.plan_id ?? '', hash: row.plan_hash ?? '' },
    };
  }
  return {
    run: {
      id: row.run_id,
      number: row.run_number,
      workflow: row.workflow,
      title: row.run_title ?? undefined,
      goldenPath: row.golden_path ?? undefined,
    },
    step: { name: row.step, title: row.step_title ?? undefined },
    attempt: row.attempt,
  };
}

export function toApprovalRecord(row: ApprovalRow): ApprovalRecord {
  const policy = fromJson<ApprovalPolicy>(row.policy);
  const decisions = fromJson<ApprovalDecision[]>(row.decisions);
  const given = new Set(
    decisions
      .filter(one => one.decision === 'approve')
      .map(one => one.by.toLowerCase()),
  );
  const no = { allowed: false };
  return {
    approval: {
      id: row.id,
      kind: row.kind,
      state: row.state,
      ...subjectOf(row),
      application:
        row.application_environment !== null && row.application_name !== null
          ? {
              environment: row.application_environment,
              name: row.application_name,
            }
          : undefined,
      requester: row.initiator,
      approvers: policy.approvers,
      quorum: policy.quorum,
      missing:
        row.state === 'pending' ? Math.max(0, policy.quorum - given.size) : 0,
      allowRequester: policy.allowRequester,
      reasonRequired: policy.reasonRequired,
      message: policy.message,
      decisions: decisions.map(({ decision, by, at, reason }) => ({
        decision,
        by,
        at: toTimestamp(at),
        reason,
      })),
      requestedAt: toTimestamp(toNumber(row.requested_at)),
      expiresAt: toOptionalTimestamp(row.expires_at),
      decidedAt: toOptionalTimestamp(row.decided_at),
      allowedActions: { approve: no, reject: no },
    },
    subject: {
      owner: row.application_owner ?? undefined,
      environment: row.application_environment ?? undefined,
      environmentType: row.application_environment_type ?? undefined,
      goldenPath: row.golden_path ?? undefined,
      initiator: row.initiator,
    },
    request: {
      state: row.state,
      policy,
      decisions,
      expiresAt: toOptionalNumber(row.expires_at),
    },
  };
}
