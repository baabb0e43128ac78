import {
  DeploymentSummary,
  RunStatus,
  WaitingReason,
} from '@innominatus/backstage-plugin-innominatus-common';
import { PlanApprovals } from '../approvals/PlanApprovals';
import { ApprovalRecord } from '../approvals/types';
import { toOptionalTimestamp, toTimestamp } from '../database';
import { RunStore } from '../runs';
import { DeploymentRecord } from './types';

export interface DeploymentViewsOptions {
  runs: Pick<RunStore, 'summaries'>;
  approvals: Pick<PlanApprovals, 'ofDeployments'>;
}

/** Makes what the API answers out of stored deployments. */
export class DeploymentViews {
  readonly #options: DeploymentViewsOptions;

  static create(options: DeploymentViewsOptions): DeploymentViews {
    return new DeploymentViews(options);
  }

  private constructor(options: DeploymentViewsOptions) {
    this.#options = options;
  }

  async toSummaries(
    records: DeploymentRecord[],
  ): Promise<Array<DeploymentSummary & { runStatus?: RunStatus }>> {
    // One question for a page; only deployments in progress need it.
    const runs = await this.#options.runs.summaries(
      records
        .filter(record => record.endedAt === undefined)
        .map(record => record.runId),
    );
    const approvals = await this.#options.approvals.ofDeployments(
      records.filter(isHeld).map(record => record.id),
    );
    return records.map(record => {
      const run = runs.get(record.runId);
      return {
        id: record.id,
        number: record.number,
        environment: record.environment,
        name: record.name,
        action: record.action,
        status:
          record.status === 'pending' ? statusOf(run?.status) : record.status,
        revision: record.revision,
        goldenPath: record.goldenPath,
        planHash: record.planHash,
        planId: record.planId,
        approvalId: record.approvalId,
        waiting:
          run?.waiting ??
          waitingFor(approvals.get(record.id)) ??
          heldBack(record),
        runId: hasRun(record) ? record.runId : undefined,
        runNumber: record.runNumber,
        createdBy: record.createdBy,
        freezeOverride: freezeOverrideOf(record),
        createdAt: toTimestamp(record.createdAt),
        endedAt: toOptionalTimestamp(record.endedAt ?? null),
        changes: record.changes,
        failure: record.failure,
        runStatus: run?.status,
      };
    });
  }

  async toSummary(record: DeploymentRecord): Promise<DeploymentSummary> {
    const [{ runStatus, ...summary }] = await this.toSummaries([record]);
    return summary;
  }
}

function freezeOverrideOf({
  request,
  createdBy,
}: DeploymentRecord): DeploymentSummary['freezeOverride'] {
  return request?.overrideFreeze === undefined
    ? undefined
    : { reason: request.overrideFreeze, by: createdBy };
}

/** Whether there is a run, or will be in a moment. */
function hasRun(record: DeploymentRecord): boolean {
  return (
    record.approvalId === undefined ||
    record.runNumber !== undefined ||
    record.runRequest !== undefined
  );
}

function isHeld(record: DeploymentRecord): boolean {
  return record.endedAt === undefined && !hasRun(record);
}

function waitingFor(
  record: ApprovalRecord | undefined,
): WaitingReason | undefined {
  if (record?.request.state !== 'pending') {
    return undefined;
  }
  const { approval, request } = record;
  return {
    kind: 'approval',
    message: messageOf(approval),
    until: request.expiresAt,
    approval: {
      id: approval.id,
      step: '',
      kind: 'plan',
      approvers: approval.approvers,
      quorum: approval.quorum,
      missing: approval.missing,
      allowRequester: approval.allowRequester,
      reasonRequired: approval.reasonRequired,
      message: approval.message,
      decisions: request.decisions,
    },
  };
}

/** Approved, and not carried out yet. */
function heldBack(record: DeploymentRecord): WaitingReason | undefined {
  const { hold } = record;
  if (!hold || !isHeld(record)) {
    return undefined;
  }
  return {
    kind: 'limit',
    message: `Approved, but cannot be carried out yet: ${hold.message} It is tried again by ${toTimestamp(hold.retryAt)}, and given up at ${toTimestamp(hold.until)}.`,
    until: hold.until,
  };
}

function statusOf(
  runStatus: RunStatus | undefined,
): DeploymentSummary['status'] {
  switch (runStatus) {
    case undefined:
    case 'queued':
      return 'pending';
    case 'waiting':
      return 'running';
    default:
      return runStatus;
  }
}

function messageOf({ approvers, missing }: ApprovalRecord['approval']): string {
  if (approvers) {
    return `Waits until ${missing} of ${approvers.join(', ')} ${missing === 1 ? 'approves' : 'approve'} the plan`;
  }
  return `Waits for ${missing === 1 ? 'an approval' : `${missing} approvals`} of the plan`;
}
