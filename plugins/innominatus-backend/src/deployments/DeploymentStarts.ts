import { LoggerService } from '@backstage/backend-plugin-api';
import { StepError } from '@innominatus/backstage-plugin-innominatus-common';
import { Knex } from 'knex';
import { ApplicationStore } from '../applications/types';
import { PlanApprovals } from '../approvals/PlanApprovals';
import { derivedId } from '../database';
import { DeploymentRules } from '../environments/DeploymentRules';
import { ProblemError } from '../http';
import { ResourceStore } from '../resources/types';
import { requireResolvable } from '../runs/requireResolvable';
import { RunService } from '../runs/types';
import { toRunRequest } from './deploymentActions';
import { DeploymentPlanner } from './DeploymentPlanner';
import { DeploymentPlans, planChanged } from './DeploymentPlans';
import { requireUnblocked } from './requireUnblocked';
import { describeMoves } from './planParts';
import {
  DeploymentRecord,
  DeploymentStore,
  PlannedDeployment,
  StoredRequest,
} from './types';

export interface DeploymentStartsOptions {
  knex: Knex;
  planner: DeploymentPlanner;
  applications: ApplicationStore;
  approvals: PlanApprovals;
  deployments: DeploymentStore;
  plans: DeploymentPlans;
  resources: ResourceStore;
  runs: RunService;
  rules: Pick<DeploymentRules, 'requireRoom' | 'requireThawed'>;
  logger: LoggerService;
}

export interface NewDeploymentOptions {
  id: string;
  planned: PlannedDeployment;
  planId: string;
  request: StoredRequest;
  createdBy: string;
}

/**
 * Stores deployments and starts their runs.
 *
 * A deployment is stored together with its revision and the run it wants in
 * one transaction; only then the run is started, under an id that was chosen
 * before. Should the process die in between, {@link startPending} starts the
 * run later, and starting it twice answers the same run.
 *
 * One that needs approval is stored without the run. Nothing of the resources
 * and of the application changes until it is approved and its plan, made once
 * more, is still the same.
 */
export class DeploymentStarts {
  readonly #options: DeploymentStartsOptions;

  static create(options: DeploymentStartsOptions): DeploymentStarts {
    return new DeploymentStarts(options);
  }

  private constructor(options: DeploymentStartsOptions) {
    this.#options = options;
  }

  /** Stores the deployment, and starts its run unless somebody has to agree. */
  async begin(options: NewDeploymentOptions): Promise<DeploymentRecord> {
    const { deployments } = this.#options;
    await this.#store(options);
    const stored = await deployments.get(options.id);
    return this.start(stored!);
  }

  /** The run of a deployment that is stored; the same when it has one. */
  async start(record: DeploymentRecord): Promise<DeploymentRecord> {
    const { runs, deployments, logger } = this.#options;
    if (!record.runRequest) {
      return record;
    }
    const run = await runs.start(record.runRequest);
    await deployments.markStarted({ id: record.id, runNumber: run.number });
    logger.info(
      `Deployment ${record.number} of ${record.environment}/${record.name} was started`,
      { deploymentId: record.id, runId: run.id, action: record.action },
    );
    return { ...record, runNumber: run.number, runRequest: undefined };
  }

  /** Starts the runs of deployments that were stored by a process that died. */
  async startPending(): Promise<void> {
    for (const record of await this.#options.deployments.listUnstarted()) {
      try {
        await this.start(record);
      } catch (error) {
        this.#options.logger.error(
          `The run of deployment ${record.number} of ${record.environment}/${record.name} could not be started, trying again`,
          error instanceof Error ? error : undefined,
        );
      }
    }
  }

  /**
   * Plans a deployment that waits once more. Throws `PLAN_CHANGED` when the
   * world has moved; the deployment is over then.
   */
  async requireSamePlan(record: DeploymentRecord): Promise<PlannedDeployment> {
    const { planner, plans } = this.#options;
    const planned = await this.#orEnd(record, async () =>
      planner.plan(await planner.identifyAgain(record), record.name),
    );
    if (planned.hash === record.planHash) {
      if (record.request?.overrideFreeze === undefined) {
        this.#options.rules.requireThawed(planned.environment);
      }
      return planned;
    }
    const before = record.planId ? await plans.get(record.planId) : undefined;
    const error = planChanged(
      planned,
      before && describeMoves(before, planned),
    );
    await this.end(record, {
      status: 'failed',
      approval: 'cancelled',
      error: { code: error.code, message: error.message, transient: false },
    });
    throw error;
  }

  /** Carries out a deployment that was approved. */
  async release(record: DeploymentRecord): Promise<DeploymentRecord> {
    const { knex, deployments } = this.#options;
    const planned = await this.requireSamePlan(record);
    await this.#orEnd(record, async () => requireUnblocked(planned));
    await knex.transaction(async transaction => {
      const runRequest = toRunRequest(planned, {
        runId: record.runId,
        initiator: record.createdBy,
        deployment: record,
        priority: record.request?.priority,
      });
      const { work, changes } = planned;
      const isFirst = await deployments
        .within(transaction)
        .release({ id: record.id, runRequest, work, changes });
      if (isFirst) {
        await this.#options.rules.requireRoom(
          transaction,
          planned,
          planned.resources,
        );
        await this.#claim(transaction, record, planned);
      }
    });
    const stored = await deployments.get(record.id);
    return this.start(stored!);
  }

  /** Ends a deployment that has no run. */
  async end(
    record: DeploymentRecord,
    result: {
      status: 'failed' | 'cancelled';
      approval?: 'expired' | 'cancelled';
      error?: StepError;
    },
  ): Promise<void> {
    const { knex, deployments, approvals } = this.#options;
    await knex.transaction(async transaction => {
      await deployments.within(transaction).end({
        id: record.id,
        runId: record.runId,
        status: result.status,
        failure: result.error && { error: result.error },
        endedAt: Date.now(),
      });
      if (record.approvalId && result.approval) {
        await approvals
          .within(transaction)
          .close(record.approvalId, result.approval);
      }
    });
  }

  async #store(options: NewDeploymentOptions): Promise<void> {
    const { id, planned, planId, request, createdBy } = options;
    const { environment, identity, name, approval } = planned;
    const runId = derivedId(`deployment/${id}`);
    const approvalId = approval && `plan~${id}`;
    await this.#options.knex.transaction(async transaction => {
      const applications = this.#options.applications.within(transaction);
      await this.#options.rules.requireRoom(
        transaction,
        planned,
        planned.resources,
      );
      const { application, number } = await applications.claimNumber({
        environment: environment.name,
        environmentType: environment.type,
        name,
        ...identity,
      });
      const revision = await applications.addRevision({
        applicationId: application.id,
        score: planned.score,
        scoreHash: planned.scoreHash,
        version: planned.version,
        createdBy,
      });
      const deployment = {
        id,
        applicationId: application.id,
        number,
        environment: environment.name,
        environmentType: environment.type,
        name,
        owner: identity.owner,
        action: planned.action,
        revision,
        goldenPath: planned.run.goldenPath.name,
        planHash: planned.hash,
        planId,
        request,
        approvalId,
        monthlyCost: planned.cost?.monthly,
        runId,
        work: planned.work,
        changes: planned.changes,
        createdBy,
      };
      const wanted = toRunRequest(planned, {
        runId,
        initiator: createdBy,
        deployment: { id, number },
        priority: request.priority,
      });
      requireResolvable(wanted);
      const runRequest = approval ? undefined : wanted;
      await this.#options.deployments
        .within(transaction)
        .insert({ ...deployment, runRequest });
      if (!approval || approvalId === undefined) {
        await this.#claim(transaction, deployment, planned);
        return;
      }
      await this.#options.approvals.within(transaction).insert({
        id: approvalId,
        policy: approval,
        deployment: { id, number, action: planned.action },
        plan: { id: planId, hash: planned.hash },
        runId,
        goldenPath: planned.run.goldenPath.name,
        application: {
          environment: environment.name,
          environmentType: environment.type,
          name,
          owner: identity.owner,
        },
        requester: createdBy,
      });
    });
  }

  /** Takes the resources and the application for the deployment. */
  async #claim(
    transaction: Knex.Transaction,
    deployment: Pick<DeploymentRecord, 'id' | 'applicationId'>,
    planned: PlannedDeployment,
  ): Promise<void> {
    const resources = this.#options.resources.within(transaction);
    const { environment, identity, name, work } = planned;
    const uids = new Map(work.resources.map(item => [item.name, item.uid]));
    const managements = new Map(
      planned.resources.map(item => [item.uid, item.management]),
    );
    for (const resource of work.resources) {
      await resources.request({
        environment: environment.name,
        environmentType: environment.type,
        uid: resource.uid,
        name: resource.name,
        type: resource.type,
        class: resource.class,
        sharedId: resource.id,
        workload: name,
        owner: identity.owner,
        provider: resource.provider,
        management: managements.get(resource.uid) ?? 'native',
        params: resource.params,
        declared: resource.declared,
        dependsOn: resource.dependsOn.flatMap(other => uids.get(other) ?? []),
      });
    }
    await this.#options.applications
      .within(transaction)
      .update(deployment.applicationId, {
        status: 'pending',
        lastDeploymentId: deployment.id,
        deletedAt: null,
      });
  }

  /** What cannot be planned any more cannot be carried out, either. */
  async #orEnd<T>(
    record: DeploymentRecord,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { name, message } = error as Error;
      const code = 'PLAN_CHANGED';
      if (error instanceof ProblemError || name === 'NotFoundError') {
        await this.end(record, {
          status: 'failed',
          approval: 'cancelled',
          error: { code, message, transient: false },
        });
        throw new ProblemError({
          status: 409,
          code,
          message: `Deployment ${record.number} of "${record.environment}/${record.name}" cannot be carried out any more: ${message}`,
          moved: [message],
        });
      }
      throw error;
    }
  }
}
