import {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  AllowedAction,
  Environment,
  Plan,
  applicationPlanPermission,
  applicationReadPermission,
  goldenPathReadPermission,
  goldenPathRunPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Permission } from '@backstage/plugin-permission-common';
import { Knex } from 'knex';
import { AccessControl, AccessSubject } from '../access/types';
import { ApplicationStore } from '../applications/types';
import { derivedId, newId } from '../database';
import {
  DeploymentRules,
  IntendedChange,
} from '../environments/DeploymentRules';
import { goldenPathSubject } from '../goldenPaths/goldenPathViews';
import { ProblemError } from '../http';
import { ResourceStore } from '../resources/types';
import { requirePriority } from '../runs/priority';
import { RunService } from '../runs/types';
import {
  countActions,
  permissionFor,
  requireFitting,
  requireKnownAction,
  toRunRequest,
} from './deploymentActions';
import {
  DeploymentPlanner,
  DeploymentSubject,
  PlanDeploymentOptions,
} from './DeploymentPlanner';
import {
  DeploymentRecord,
  DeploymentStore,
  PlanStore,
  PlannedDeployment,
} from './types';

const PLAN_LIFETIME_MS = 30 * 60_000;

export interface DeploymentServiceOptions {
  knex: Knex;
  planner: DeploymentPlanner;
  applications: ApplicationStore;
  deployments: DeploymentStore;
  plans: PlanStore;
  resources: ResourceStore;
  runs: RunService;
  access: AccessControl;
  rules: DeploymentRules;
  logger: LoggerService;
}

/** What a call may do; a deployment of the same id is made only once. */
export type DeployOptions = PlanDeploymentOptions & {
  id?: string;
  /**
   * The environment ends, and the application with it. Nobody decides that
   * anew, so rules about people and times do not count.
   */
  endsEnvironment?: boolean;
};

/**
 * Plans and deploys applications.
 *
 * A deployment is stored together with its revision and the run it wants in
 * one transaction; only then the run is started, under an id that was chosen
 * before. Should the process die in between, {@link startPending} starts the
 * run later, and starting it twice answers the same run.
 */
export class DeploymentService {
  readonly #options: DeploymentServiceOptions;

  static create(options: DeploymentServiceOptions): DeploymentService {
    return new DeploymentService(options);
  }

  private constructor(options: DeploymentServiceOptions) {
    this.#options = options;
  }

  /** Changes nothing but the list of plans. */
  async plan(options: PlanDeploymentOptions): Promise<Plan> {
    const { planner, plans, access } = this.#options;
    requireKnownAction(options.request.action);
    const subject = await this.#identify(options);
    await this.#require(subject, options, applicationPlanPermission);
    await this.#requireGoldenPath(options, goldenPathReadPermission);
    const planned = await planner.plan(subject, options);
    const now = Date.now();
    const plan: Plan = {
      id: newId(now),
      hash: planned.hash,
      environment: options.environment,
      name: options.name,
      action: planned.action,
      goldenPath: planned.run.goldenPath,
      entityRef: options.request.entityRef,
      createdAt: new Date(now).toISOString(),
      expiresAt: new Date(now + PLAN_LIFETIME_MS).toISOString(),
      createdBy: access.initiator(options.credentials),
      summary: countActions(planned),
      resources: planned.resources,
      manifests: planned.manifests,
      steps: planned.run.definition.steps.map(
        ({ name, title, type, dependsOn, stage }) => ({
          name,
          title,
          type,
          dependsOn,
          stage,
        }),
      ),
      parameters: planned.run.parameters,
      estimatedSeconds: planned.run.estimatedSeconds,
      diagnostics: [
        ...planned.diagnostics,
        ...(await this.#options.rules.review(
          toChange(subject, options),
          planned.resources,
        )),
      ],
      // Never stored: it depends on who looks.
      allowedActions: { deploy: { allowed: false } },
    };
    await plans.insert({
      plan,
      environmentType: subject.environment.type,
      owner: ownerOf(subject),
    });
    return this.#withAllowedActions(plan, subject, options.credentials);
  }

  async getPlan(id: string, credentials: BackstageCredentials): Promise<Plan> {
    const { plans, access } = this.#options;
    const record = await plans.get(id);
    if (!record) {
      throw new NotFoundError(
        `There is no plan "${id}". Plans can be used for ${PLAN_LIFETIME_MS / 60_000} minutes; make a new one.`,
      );
    }
    const { plan, environmentType, owner } = record;
    const subject = { owner, environmentType, environment: plan.environment };
    await access.require(credentials, {
      permission: applicationReadPermission,
      subject,
      name: `plan "${id}"`,
    });
    const [deploy] = await access.check(credentials, [
      { permission: permissionFor(plan.action), subject },
    ]);
    const environment = await this.#options.planner.environment(plan);
    return {
      ...plan,
      allowedActions: {
        deploy: await this.#alsoByRules(deploy, {
          ...plan,
          environment,
          owner,
          credentials,
        }),
      },
    };
  }

  /** Stores the deployment and starts its run. */
  async deploy(options: DeployOptions): Promise<DeploymentRecord> {
    const { planner, deployments, access } = this.#options;
    const { request, credentials } = options;
    requireKnownAction(request.action);
    const subject = await this.#identify(options);
    await this.#require(subject, options, permissionFor(request.action));
    await this.#requireGoldenPath(options, goldenPathRunPermission);
    const id = options.id ?? newId();
    const before = await deployments.get(id);
    if (before) {
      return this.#start(before);
    }
    if (!options.endsEnvironment) {
      await this.#options.rules.require({
        ...toChange(subject, options),
        overrideFreeze: request.overrideFreeze,
      });
    }
    const planned = await planner.plan(subject, options);
    if (request.planHash !== undefined && request.planHash !== planned.hash) {
      throw new ProblemError({
        status: 409,
        code: 'PLAN_CHANGED',
        message: `The plan for "${options.environment}/${options.name}" is not the same any more: something changed since it was made. Look at a new plan.`,
      });
    }
    const initiator = access.initiator(credentials);
    const priority = await requirePriority(request.priority, {
      access,
      credentials,
      definition: planned.run.definition,
      subject: {
        ...toAccessSubject(subject),
        goldenPath: planned.run.goldenPath.name,
      },
      name: `application "${options.environment}/${options.name}"`,
    });
    // Before anything is stored: what is stored is carried out.
    await this.#options.runs.requireRoom({
      team: planned.identity.owner ?? initiator,
    });
    await this.#store({ id, planned, createdBy: initiator, priority });
    const stored = await deployments.get(id);
    return this.#start(stored!);
  }

  /** Starts the runs of deployments that were stored by a process that died. */
  async startPending(): Promise<void> {
    for (const record of await this.#options.deployments.listUnstarted()) {
      try {
        await this.#start(record);
      } catch (error) {
        this.#options.logger.error(
          `The run of deployment ${record.number} of ${record.environment}/${record.name} could not be started, trying again`,
          error instanceof Error ? error : undefined,
        );
      }
    }
  }

  async #store(options: {
    id: string;
    planned: PlannedDeployment;
    createdBy: string;
    priority?: number;
  }): Promise<void> {
    const { id, planned, createdBy, priority } = options;
    await this.#options.knex.transaction(async transaction => {
      const applications = this.#options.applications.within(transaction);
      const resources = this.#options.resources.within(transaction);
      const { environment, identity, name } = planned;
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
      for (const resource of planned.work.resources) {
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
          params: resource.params,
          dependsOn: planned.work.resources
            .filter(other => resource.dependsOn.includes(other.name))
            .map(other => other.uid),
        });
      }
      const runId = derivedId(`deployment/${id}`);
      await this.#options.deployments.within(transaction).insert({
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
        runId,
        runRequest: toRunRequest(planned, {
          runId,
          initiator: createdBy,
          deployment: { id, number },
          priority,
        }),
        work: planned.work,
        changes: planned.changes,
        createdBy,
      });
      await applications.update(application.id, {
        status: 'pending',
        lastDeploymentId: id,
        deletedAt: null,
      });
    });
  }

  async #start(record: DeploymentRecord): Promise<DeploymentRecord> {
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

  async #identify(options: PlanDeploymentOptions): Promise<DeploymentSubject> {
    const { planner, applications, access } = this.#options;
    try {
      return await planner.identify(options);
    } catch (error) {
      // The error may tell something about what the caller may not read.
      const existing = await applications.find(options);
      if (existing) {
        await access.require(options.credentials, {
          permission: applicationReadPermission,
          subject: existing,
          name: `application "${options.environment}/${options.name}"`,
        });
      }
      throw error;
    }
  }

  async #require(
    subject: DeploymentSubject,
    options: PlanDeploymentOptions,
    permission: Permission,
  ): Promise<void> {
    const { existing } = subject;
    await this.#options.access.require(options.credentials, {
      permission,
      // Of an application that does not exist nothing has to be hidden.
      readPermission: existing && applicationReadPermission,
      subject: toAccessSubject(subject),
      name: `application "${options.environment}/${options.name}"`,
    });
  }

  /**
   * Who names a golden path has to be allowed to run it; the usual ones come
   * with the permission to deploy.
   */
  async #requireGoldenPath(
    options: PlanDeploymentOptions,
    permission: Permission,
  ): Promise<void> {
    const { planner, access } = this.#options;
    const goldenPath = planner.goldenPathOf(options.request);
    if (goldenPath) {
      requireFitting(goldenPath, options.request.action);
      await access.require(options.credentials, {
        permission,
        readPermission: goldenPathReadPermission,
        subject: goldenPathSubject(goldenPath),
        name: `golden path "${goldenPath.metadata.name}"`,
      });
    }
  }

  async #withAllowedActions(
    plan: Plan,
    subject: DeploymentSubject,
    credentials: BackstageCredentials,
  ): Promise<Plan> {
    const [deploy] = await this.#options.access.check(credentials, [
      {
        permission: permissionFor(plan.action),
        subject: toAccessSubject(subject),
      },
    ]);
    return {
      ...plan,
      allowedActions: {
        deploy: await this.#alsoByRules(
          deploy,
          toChange(subject, { ...plan, request: plan, credentials }),
        ),
      },
    };
  }

  /** A permission is not enough where the environment names who may deploy. */
  async #alsoByRules(
    deploy: AllowedAction,
    change: Omit<IntendedChange, 'environment'> & {
      environment: Environment | undefined;
    },
  ): Promise<AllowedAction> {
    const { environment } = change;
    return deploy.allowed && environment
      ? this.#options.rules.mayDeploy({ ...change, environment })
      : deploy;
  }
}

function toChange(
  subject: DeploymentSubject,
  options: Pick<PlanDeploymentOptions, 'name' | 'credentials'> & {
    request: { action: string };
  },
): IntendedChange {
  const { name, request, credentials } = options;
  return {
    environment: subject.environment,
    name,
    owner: ownerOf(subject),
    action: request.action,
    credentials,
  };
}

function toAccessSubject(subject: DeploymentSubject): AccessSubject {
  return {
    owner: ownerOf(subject),
    environment: subject.environment.name,
    environmentType: subject.environment.type,
  };
}

/**
 * The owner there is now decides, not the one somebody would like to set. What
 * nobody owns belongs to nobody until someone who needs to own nothing deploys.
 */
function ownerOf(subject: DeploymentSubject): string | undefined {
  const { previous, identity } = subject;
  const isSameEntity =
    previous?.entityRef !== undefined &&
    previous.entityRef === identity.entityRef;
  return previous && !isSameEntity
    ? previous.owner
    : (identity.owner ?? previous?.owner);
}
