import {
  ApprovalDecision,
  ApprovalPolicy,
  DeploymentAction,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { ApprovalRow, toApprovalRecord, toLines } from './rows';
import { ApprovalRecord } from './types';

const PER_ROUND = 100;

/** A question about the plan of a deployment. */
export interface NewPlanApproval {
  id: string;
  policy: ApprovalPolicy;
  deployment: { id: string; number: number; action: DeploymentAction };
  plan: { id: string; hash: string };
  /** Of the run that the deployment will have. */
  runId: string;
  goldenPath: string;
  application: {
    environment: string;
    environmentType: string;
    name: string;
    owner?: string;
  };
  requester: string;
}

/**
 * Approvals of plans. Those of steps are written by the journal of their run;
 * these have no run yet, so they are written here, in the transaction of the
 * deployment they are about.
 */
export class PlanApprovals {
  readonly #knex: Knex;

  static create(knex: Knex): PlanApprovals {
    return new PlanApprovals(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  within(transaction: Knex.Transaction): PlanApprovals {
    return new PlanApprovals(transaction);
  }

  async insert(approval: NewPlanApproval): Promise<void> {
    const { application, deployment, plan, policy } = approval;
    const now = Date.now();
    await this.#knex('approvals').insert({
      id: approval.id,
      run_id: approval.runId,
      run_number: 0,
      workflow: approval.goldenPath,
      step: '',
      attempt: 0,
      round: 1,
      kind: 'plan',
      state: 'pending',
      policy: JSON.stringify(policy),
      decisions: '[]',
      approvers: policy.approvers ? toLines(policy.approvers) : null,
      decided_by: toLines([]),
      allow_requester: policy.allowRequester,
      golden_path: approval.goldenPath,
      application_environment: application.environment,
      application_environment_type: application.environmentType,
      application_name: application.name,
      application_owner: application.owner ?? null,
      initiator: approval.requester,
      requested_at: now,
      expires_at:
        policy.expiresAfterMs === undefined
          ? null
          : now + policy.expiresAfterMs,
      deployment_id: deployment.id,
      deployment_number: deployment.number,
      deployment_action: deployment.action,
      plan_id: plan.id,
      plan_hash: plan.hash,
    });
  }

  /** By id of the deployment. */
  async ofDeployments(ids: string[]): Promise<Map<string, ApprovalRecord>> {
    if (ids.length === 0) {
      return new Map();
    }
    const rows = await this.#knex<ApprovalRow>('approvals').whereIn(
      'deployment_id',
      ids,
    );
    return new Map(
      rows.map(row => [row.deployment_id ?? '', toApprovalRecord(row)]),
    );
  }

  /**
   * Adds what a person decided. Answers `undefined` when somebody else was
   * quicker; then it has to be asked again whether the decision still counts.
   */
  async decide(
    before: ApprovalRecord,
    decision: ApprovalDecision,
  ): Promise<ApprovalRecord | undefined> {
    const { policy, decisions } = before.request;
    const all = [...decisions, decision];
    const approved = new Set(
      all
        .filter(one => one.decision === 'approve')
        .map(one => one.by.toLowerCase()),
    );
    const given = approved.size >= policy.quorum ? 'approved' : 'pending';
    const state = decision.decision === 'reject' ? 'rejected' : given;
    const changed = await this.#knex('approvals')
      .where({
        id: before.approval.id,
        state: 'pending',
        decisions: JSON.stringify(decisions),
      })
      .update({
        state,
        decisions: JSON.stringify(all),
        decided_by: toLines(all.map(one => one.by)),
        decided_at: state === 'pending' ? null : decision.at,
      });
    return changed === 1 ? this.#get(before.approval.id) : undefined;
  }

  /** Answers whether this call closed it. */
  async close(id: string, state: 'expired' | 'cancelled'): Promise<boolean> {
    const changed = await this.#knex('approvals')
      .where({ id, state: 'pending' })
      .update({ state, decided_at: Date.now() });
    return changed === 1;
  }

  /** Pending ones whose time is over. */
  async overdue(): Promise<ApprovalRecord[]> {
    const rows = await this.#knex<ApprovalRow>('approvals')
      .where({ state: 'pending' })
      .whereNotNull('deployment_id')
      .where('expires_at', '<=', Date.now())
      .orderBy('expires_at')
      .limit(PER_ROUND);
    return rows.map(toApprovalRecord);
  }

  async #get(id: string): Promise<ApprovalRecord | undefined> {
    const row = await this.#knex<ApprovalRow>('approvals')
      .where({ id })
      .first();
    return row && toApprovalRecord(row);
  }
}
