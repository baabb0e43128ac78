import { LoggerService } from '@backstage/backend-plugin-api';
import { StepError } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { PlanApprovals } from '../approvals/PlanApprovals';
import { ApprovalRecord, PlanDecision } from '../approvals/types';
import { ProblemError } from '../http';
import { DeploymentStarts } from './DeploymentStarts';
import { holdingProblem, nextHold } from './holds';
import { DeploymentRecord, DeploymentStore } from './types';

/** What does not go away by itself. */
const FUTILE_CODES = ['ENVIRONMENT_REMOVING'];

export interface DeploymentApprovalsOptions {
  knex: Knex;
  approvals: PlanApprovals;
  deployments: DeploymentStore;
  starts: DeploymentStarts;
  logger: LoggerService;
}

/**
 * What follows from decisions on plans. The plan is made again with each
 * approval, so that nobody agrees to what nobody can have any more.
 */
export class DeploymentApprovals {
  readonly #options: DeploymentApprovalsOptions;

  static create(options: DeploymentApprovalsOptions): DeploymentApprovals {
    return new DeploymentApprovals(options);
  }

  private constructor(options: DeploymentApprovalsOptions) {
    this.#options = options;
  }

  /**
   * Takes a decision in that was found to count.
   *
   * @returns `undefined` when another decision was quicker.
   */
  async decide(
    record: ApprovalRecord,
    decision: PlanDecision,
  ): Promise<ApprovalRecord | undefined> {
    const { knex, approvals, starts } = this.#options;
    const deployment = await this.#deploymentOf(record);
    if (decision.planHash !== record.approval.plan?.hash) {
      throw new ProblemError({
        status: decision.planHash === undefined ? 400 : 409,
        code:
          decision.planHash === undefined
            ? 'PLAN_HASH_MISSING'
            : 'PLAN_CHANGED',
        message: `The approval is about the plan with the hash "${record.approval.plan?.hash}"${decision.planHash === undefined ? '. Name it in "planHash", to show that you have looked at it.' : `, not "${decision.planHash}". Look at it first.`}`,
      });
    }
    if (decision.decision === 'approve') {
      await starts.requireSamePlan(deployment);
    }
    const { planHash, ...answer } = decision;
    const decided = await knex.transaction(async transaction => {
      const after = await approvals.within(transaction).decide(record, answer);
      if (after?.approval.state === 'rejected') {
        await this.#options.deployments.within(transaction).end({
          id: deployment.id,
          runId: deployment.runId,
          status: 'failed',
          failure: { error: rejection(answer) },
          endedAt: answer.at,
        });
      }
      return after;
    });
    if (decided?.approval.state === 'approved') {
      await this.#carryOut(deployment, decided);
    }
    return decided;
  }

  /**
   * Ends what nobody decided in time, and carries out what was approved by a
   * process that died.
   */
  async settle(): Promise<void> {
    const { approvals, deployments, starts, logger } = this.#options;
    for (const record of await approvals.overdue()) {
      await starts.end(await this.#deploymentOf(record), {
        status: 'failed',
        approval: 'expired',
        error: {
          code: 'APPROVAL_EXPIRED',
          message: 'Nobody decided in time. Deploy again to ask again.',
          transient: false,
        },
      });
    }
    const held = await deployments.listHeld();
    const records = await approvals.ofDeployments(held.map(item => item.id));
    for (const deployment of held) {
      const record = records.get(deployment.id);
      if (record?.approval.state !== 'approved') {
        continue;
      }
      try {
        await this.#carryOut(deployment, record);
      } catch (error) {
        logger.warn(
          `Deployment ${deployment.number} of ${deployment.environment}/${deployment.name} was approved, but cannot be carried out: ${(error as Error).message}`,
        );
      }
    }
  }

  /**
   * What stands against it for now is written down and tried again later; what
   * stands against it for good ends it.
   */
  async #carryOut(
    deployment: DeploymentRecord,
    record: ApprovalRecord,
  ): Promise<void> {
    const { deployments, starts } = this.#options;
    try {
      await starts.release(deployment);
    } catch (error) {
      const problem = holdingProblem(error);
      if (!problem) {
        await this.#giveUpIfFutile(deployment, error);
        throw error;
      }
      const now = Date.now();
      const hold = nextHold(deployment.hold, {
        problem,
        approval: record,
        now,
      });
      if (hold.until > now) {
        await deployments.hold({ id: deployment.id, hold });
        return;
      }
      await starts.end(deployment, {
        status: 'failed',
        error: {
          code: 'APPROVAL_EXPIRED',
          message: `It was approved, but could not be carried out in time: ${problem.message} Deploy again to ask again.`,
          transient: false,
        },
      });
    }
  }

  async #giveUpIfFutile(
    deployment: DeploymentRecord,
    error: unknown,
  ): Promise<void> {
    if (error instanceof ProblemError && FUTILE_CODES.includes(error.code)) {
      const { code, message } = error;
      await this.#options.starts.end(deployment, {
        status: 'failed',
        error: { code, message, transient: false },
      });
    }
  }

  async #deploymentOf(record: ApprovalRecord): Promise<DeploymentRecord> {
    const { deployment } = record.approval;
    const found =
      deployment && (await this.#options.deployments.get(deployment.id));
    if (!found) {
      throw new ProblemError({
        status: 409,
        code: 'APPROVAL_DECIDED',
        message: `The deployment that approval "${record.approval.id}" is about is not there any more.`,
      });
    }
    return found;
  }
}

function rejection(decision: Omit<PlanDecision, 'planHash'>): StepError {
  return {
    code: 'APPROVAL_REJECTED',
    message: `${decision.by} rejected the plan${decision.reason ? `: ${decision.reason}` : '.'}`,
    transient: false,
  };
}
