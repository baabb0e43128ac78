import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  Environment,
  Plan,
  applicationPlanPermission,
  applicationReadPermission,
  goldenPathReadPermission,
  goldenPathRunPermission,
} from '@innominatus/backstage-plugin-innominatus-common';
import { Permission } from '@backstage/plugin-permission-common';
import type { Request } from 'express';
import { AccessControl, AccessSubject } from '../access/types';
import { ApplicationStore } from '../applications/types';
import { newId } from '../database';
import {
  DeploymentRules,
  IntendedChange,
} from '../environments/DeploymentRules';
import { goldenPathSubject } from '../goldenPaths/goldenPathViews';
import { requirePriority } from '../runs/priority';
import { RunService } from '../runs/types';
import { DeploymentAudit } from './DeploymentAudit';
import { permissionFor, requireFitting } from './deploymentActions';
import { planActions } from './planActions';
import {
  DeploymentPlanner,
  DeploymentSubject,
  PlanDeploymentOptions,
} from './DeploymentPlanner';
import { DeploymentPlans } from './DeploymentPlans';
import { DeploymentRecoveries } from './DeploymentRecovery';
import { DeploymentStarts } from './DeploymentStarts';
import { requireUnblocked } from './requireUnblocked';
import { PLAN_LIFETIME_MS } from './toPlan';
import { DeploymentRecord, DeploymentStore, StoredRequest } from './types';
import { WithdrawOptions, withdrawDeployment } from './withdrawDeployment';

export interface DeploymentServiceOptions {
  planner: DeploymentPlanner;
  applications: ApplicationStore;
  deployments: DeploymentStore;
  plans: DeploymentPlans;
  starts: DeploymentStarts;
  recoveries: Pick<DeploymentRecoveries, 'undo'>;
  runs: Pick<RunService, 'requireRoom'>;
  access: AccessControl;
  rules: DeploymentRules;
  /** Notes down who changes what, also when it is refused. */
  audit: DeploymentAudit;
}

/** What a call may do; a deployment of the same id is made only once. */
export type DeployOptions = PlanDeploymentOptions & {
  id?: string;
  /**
   * The environment ends, and the application with it. Nobody decides that
   * anew, so rules about people and times do not count.
   */
  endsEnvironment?: boolean;
  /** Id of the deployment that it takes back. */
  undoes?: string;
  /** Tells the auditor who asks, and from where. */
  httpRequest?: Request;
};

/** Plans and deploys applications, for those who may. */
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
    const subject = await this.#identify(options);
    await this.#require(subject, options, applicationPlanPermission);
    await this.#requireGoldenPath(subject, options, goldenPathReadPermission);
    const change = toChange(subject, options);
    const planned = await planner.plan(subject, options.name);
    const remarks = await this.#options.rules.review(change, planned.resources);
    const plan = await plans.record(
      { ...planned, diagnostics: [...planned.diagnostics, ...remarks] },
      {
        createdBy: access.initiator(options.credentials),
        request: options.request,
        owner: ownerOf(subject),
      },
    );
    return this.#withAllowedActions(plan, toAccessSubject(subject), change);
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
    return this.#withAllowedActions(plan, subject, {
      ...plan,
      environment: await this.#options.planner.environment(plan),
      owner,
      credentials,
    });
  }

  /** Stores the deployment and starts its run, or asks those who have to agree. */
  async deploy(options: DeployOptions): Promise<DeploymentRecord> {
    const { audit, deployments } = this.#options;
    const { id } = options;
    return id !== undefined && (await deployments.get(id))
      ? this.#deploy(options)
      : audit.start(options, () => this.#deploy(options));
  }

  async #deploy(options: DeployOptions): Promise<DeploymentRecord> {
    const { planner, plans, deployments, starts, access } = this.#options;
    const { request, credentials } = options;
    const subject = await this.#identify(options);
    await this.#require(subject, options, permissionFor(request.action));
    await this.#requireGoldenPath(subject, options, goldenPathRunPermission);
    const id = options.id ?? newId();
    const before = await deployments.get(id);
    if (before) {
      return starts.start(before);
    }
    if (!options.endsEnvironment) {
      await this.#requireByRules(subject, options);
    }
    const planned = await planner.plan(subject, options.name);
    await plans.requireSame(planned, request.planHash);
    // Policies are about what people do; an environment that ends asks nobody.
    if (!options.endsEnvironment) {
      requireUnblocked(planned);
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
    const planId = await plans.idFor(planned, {
      createdBy: initiator,
      request,
      owner: ownerOf(subject),
    });
    return starts.begin({
      id,
      planned: options.endsEnvironment
        ? { ...planned, approval: undefined }
        : planned,
      planId,
      createdBy: initiator,
      request: toStoredRequest(subject, priority),
    });
  }

  /** Starts the deployment that takes a failed one back. */
  async undo(
    record: DeploymentRecord,
    options: {
      planHash?: string;
      overrideFreeze?: string;
      credentials: BackstageCredentials;
      id?: string;
      httpRequest?: Request;
    },
  ): Promise<DeploymentRecord> {
    const { planHash, overrideFreeze, id, ...asked } = options;
    const { environment, name } = record;
    const existing =
      id === undefined ? undefined : await this.#options.deployments.get(id);
    if (existing) {
      return this.#options.starts.start(existing);
    }
    const request = await this.#options.recoveries.undo(record);
    return this.deploy({
      environment,
      name,
      request: { ...request, planHash, overrideFreeze },
      id,
      undoes: record.id,
      ...asked,
    });
  }

  /** Ends a deployment that waits for approval, as who may start it. */
  async withdraw(
    record: DeploymentRecord,
    options: WithdrawOptions,
  ): Promise<void> {
    await this.#options.audit.withdraw(record, options, () =>
      withdrawDeployment(record, options, this.#options),
    );
  }

  /** Whoever passes a freeze window is noted down, with the reason. */
  async #requireByRules(
    subject: DeploymentSubject,
    options: DeployOptions,
  ): Promise<void> {
    const { rules, audit } = this.#options;
    const change = toChange(subject, options);
    const { overrideFreeze } = options.request;
    if (overrideFreeze === undefined) {
      await rules.require(change);
      return;
    }
    await audit.overrideFreeze(options, () =>
      rules.require({ ...change, overrideFreeze }),
    );
  }

  async #identify(options: PlanDeploymentOptions): Promise<DeploymentSubject> {
    const { planner, applications, access } = this.#options;
    const { from } = options.request;
    const other =
      from === undefined
        ? undefined
        : await applications.find({ environment: from, name: options.name });
    if (other) {
      await access.require(options.credentials, {
        permission: applicationReadPermission,
        subject: other,
        name: `application "${from}/${options.name}"`,
      });
    }
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
    subject: DeploymentSubject,
    options: PlanDeploymentOptions,
    permission: Permission,
  ): Promise<void> {
    const { planner, access } = this.#options;
    const goldenPath = planner.goldenPathOf(subject.request);
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
    subject: AccessSubject,
    change: Omit<IntendedChange, 'environment'> & {
      environment: Environment | undefined;
    },
  ): Promise<Plan> {
    const { access, rules } = this.#options;
    const allowedActions = await planActions({
      ...{ plan, subject, change },
      ...{ access, rules },
    });
    return { ...plan, allowedActions };
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

function toStoredRequest(
  subject: DeploymentSubject,
  priority: number | undefined,
): StoredRequest {
  const { request, identity, requester, overrides } = subject;
  return {
    action: request.action,
    entityRef: request.entityRef,
    goldenPath: request.goldenPath,
    parameters: request.parameters,
    prune: request.prune,
    target: request.target,
    from: request.from,
    resources: request.resources,
    overrideFreeze: request.overrideFreeze,
    priority,
    identity,
    requester,
    overridden: overrides.length > 0 ? overrides : undefined,
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
